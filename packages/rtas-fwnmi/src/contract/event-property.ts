import type { EventName, Events, Property } from '@checkstop/kernel';

/** An event property, typed by its events. */
export function on<K extends EventName>(
  name: string,
  events: K | readonly K[],
  check: (payload: Events[K]) => string | undefined,
): Property {
  return { kind: 'event', name, on: [events].flat() as K[], check: (payload) => check(payload as never) };
}
