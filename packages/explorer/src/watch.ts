import type { Dispose, EventName, Events, Machine, Property } from '@checkstop/kernel';
import type { Note, Violation } from './steps.ts';

/**
 * Names something that may come of a fault, for the coverage of a verdict: when one of the events says so, the place
 * (an instruction, in words) gets the tag.
 */
export interface Tagging {
  readonly tag: string;
  readonly on: readonly EventName[];
  /** The place meant, or undefined when this event is not about one. */
  where(payload: Events[EventName], event: EventName): string | undefined;
}

/** Place in words to the tags it got. */
export type Coverage = Map<string, Set<string>>;

/**
 * Listens for the properties while steps are executed. Event and goal properties hear the bus; what they read counts
 * into the footprint of the step, because its outcome depends on it.
 */
export class Watch {
  /** Every goal key reached so far. */
  readonly reached = new Set<string>();
  readonly coverage: Coverage = new Map();
  private readonly disposers: Dispose[] = [];
  private violations: Violation[] = [];
  private goals: string[] = [];

  constructor(
    private readonly machine: Machine,
    readonly properties: readonly Property[],
    taggings: readonly Tagging[] = [],
  ) {
    for (const [index, property] of properties.entries()) this.subscribe(index, property);
    for (const tagging of taggings) this.subscribeTagging(tagging);
  }

  /** Forgets what was heard; the next step is another one. */
  begin(): void {
    this.violations = [];
    this.goals = [];
  }

  /** What was heard since `begin`. */
  heard(): Note {
    return { violations: this.violations, goals: this.goals };
  }

  /** Remembers a place, and that this happened there. */
  cover(where: string, ...tags: string[]): void {
    const known = this.coverage.get(where);
    if (!known) this.coverage.set(where, new Set(tags));
    else for (const tag of tags) known.add(tag);
  }

  dispose(): void {
    for (const dispose of this.disposers.splice(0)) dispose();
  }

  private subscribe(index: number, property: Property): void {
    if (property.kind === 'event') {
      this.listen(property.on, (payload, event) => {
        const text = property.check(payload, event);
        if (text !== undefined) this.violations.push({ property: index, text });
      });
    } else if (property.kind === 'goal') {
      this.listen(property.on, (payload, event) => {
        const key = property.reach(payload, event);
        if (key === undefined) return;
        this.goals.push(key);
        this.reached.add(key);
      });
    }
  }

  private subscribeTagging({ tag, on, where }: Tagging): void {
    const { arena } = this.machine;
    this.listen(on, (payload, event) => {
      // Looking for the report's sake must not make the step depend on more than it does.
      const place = arena.unseen(() => where(payload, event));
      if (place !== undefined) this.cover(place, tag);
    });
  }

  private listen(names: readonly EventName[], handler: (payload: Events[EventName], event: EventName) => void): void {
    for (const name of names) this.disposers.push(this.machine.bus.on(name, (payload) => handler(payload, name)));
  }
}
