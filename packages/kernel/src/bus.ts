/**
 * The events of the machine: name to payload. Those here are the kernel's own; packages add theirs by declaration merging:
 *
 * ```ts
 * declare module '@checkstop/kernel' { interface Events { hcall: { agent: number; number: bigint } } }
 * ```
 *
 * Always under the package's name: TypeScript takes an augmentation under a path for another interface.
 */
export interface Events {
  /** About to happen: one step of an agent, or the action of an offer. */
  step: { readonly agent: number; readonly action: string };
  /** A choice inside a step was answered. */
  choice: { readonly agent: number; readonly name: string; readonly count: number; readonly answer: number };
  /** The machine stopped. */
  stop: { readonly agent: number; readonly reason: string };
}

/** The name of an event somebody declared. */
export type EventName = keyof Events & string;

/** What a subscriber is called with; what it returns matters to `bail`, `waterfall` and `collect` only. */
export type Handler<K extends EventName> = (payload: Events[K]) => unknown;

/** A tap sees every dispatch of every event; it is the seam for tracing. */
export type Tap = (name: EventName, payload: unknown) => void;

/** Undoes what returned it. Calling it twice does nothing. */
export type Dispose = () => void;

/**
 * A typed synchronous event bus. Handlers run in the order of subscription; what they throw reaches whoever dispatched.
 *
 * The verbs differ in what they do with answers: `emit` ignores them, `bail` stops at the first that is not undefined, `waterfall` hands each answer to the next handler, `collect` gathers them all.
 */
export class Bus {
  private readonly handlers = new Map<string, Handler<EventName>[]>();
  private befores: Tap[] = [];
  private afters: Tap[] = [];

  /** Subscribes; returns the disposer. A handler may subscribe or dispose while an event is dispatched: that takes effect at the next dispatch. */
  on<K extends EventName>(name: K, handler: Handler<K>): Dispose {
    const entry = handler as unknown as Handler<EventName>;
    this.handlers.set(name, [...(this.handlers.get(name) ?? []), entry]);
    return once(() => {
      const rest = without(this.handlers.get(name) ?? [], entry);
      if (rest.length > 0) this.handlers.set(name, rest);
      else this.handlers.delete(name);
    });
  }

  /** Whether a dispatch of this event would reach anybody: what is costly to describe need not be described to nobody. */
  listened(name: EventName): boolean {
    return this.handlers.has(name) || this.befores.length > 0 || this.afters.length > 0;
  }

  /** Tells everybody. */
  emit<K extends EventName>(name: K, payload: Events[K]): void {
    this.dispatch(name, payload, (handlers) => {
      for (const handler of handlers) handler(payload);
    });
  }

  /** Asks in order; the first answer that is not undefined wins. */
  bail<K extends EventName>(name: K, payload: Events[K]): unknown {
    return this.dispatch(name, payload, (handlers) => {
      for (const handler of handlers) {
        const answer = handler(payload);
        if (answer !== undefined) return answer;
      }
      return undefined;
    });
  }

  /** Passes the payload through the handlers; each may answer with its successor. */
  waterfall<K extends EventName>(name: K, payload: Events[K]): Events[K] {
    return this.dispatch(name, payload, (handlers) => {
      let value = payload;
      for (const handler of handlers) value = (handler(value) as Events[K] | undefined) ?? value;
      return value;
    });
  }

  /** Asks everybody and returns the answers that are not undefined, in order. */
  collect<K extends EventName>(name: K, payload: Events[K]): unknown[] {
    return this.dispatch(name, payload, (handlers) => handlers.map((h) => h(payload)).filter((a) => a !== undefined));
  }

  /** Taps every dispatch before its handlers run. */
  before(tap: Tap): Dispose {
    this.befores = [...this.befores, tap];
    return once(() => {
      this.befores = without(this.befores, tap);
    });
  }

  /** Taps every dispatch after its handlers ran. */
  after(tap: Tap): Dispose {
    this.afters = [...this.afters, tap];
    return once(() => {
      this.afters = without(this.afters, tap);
    });
  }

  private dispatch<T>(name: EventName, payload: unknown, run: (handlers: readonly Handler<EventName>[]) => T): T {
    for (const tap of this.befores) tap(name, payload);
    const result = run(this.handlers.get(name) ?? []);
    for (const tap of this.afters) tap(name, payload);
    return result;
  }
}

/** A list with one occurrence less: whoever subscribed twice leaves once at a time. */
function without<T>(list: readonly T[], item: T): T[] {
  const at = list.indexOf(item);
  return list.filter((_, index) => index !== at);
}

function once(dispose: Dispose): Dispose {
  let done = false;
  return () => {
    if (done) return;
    done = true;
    dispose();
  };
}
