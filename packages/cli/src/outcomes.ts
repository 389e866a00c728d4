import type { Tagging } from '@checkstop/explorer';
import type { EventName, Events } from '@checkstop/kernel';

/** Address of an instruction as descriptions of steps begin with it. */
export const placeOf = (nip: bigint): string => `0x${nip.toString(16).padStart(4, '0')}`;

/** What becomes of a check or a system reset, by the instruction that it struck at. A panic is a stop of the guest's own. */
export const deliveryOutcomes: readonly Tagging[] = [
  ...(['delivered', 'resumed', 'checkStopped', 'checkDropped', 'checkAborted', 'resetReturned'] as const).map(
    (event) => ({
      tag: event,
      on: [event],
      where: (payload: Events[EventName]) => placeOf((payload as Events[typeof event]).nip),
    }),
  ),
  {
    tag: 'panicked',
    on: ['checkStopped'],
    where(payload) {
      const { nip, reason } = payload as Events['checkStopped'];
      return reason === 'os-term' ? placeOf(nip) : undefined;
    },
  },
];
