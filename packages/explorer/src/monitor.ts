import type { Machine, Property } from '@checkstop/kernel';
import { judgeEnding } from './ending.ts';
import { type Coverage, type Tagging, Watch } from './watch.ts';

/** A violation met while running. */
export interface RunViolation {
  readonly property: string;
  readonly text: string;
  /** Steps taken by then, the one in which it happened included; 0 for what is wrong from the start. */
  readonly step: number;
}

/** What came of a run. */
export interface Monitored {
  readonly steps: number;
  /** What event properties and invariants said on the way. */
  readonly violations: readonly RunViolation[];
  /** What bottom properties say about the end, if it is one: if no step but a fault leads away for good. */
  readonly ending: readonly RunViolation[];
  /** False when so much can follow the end that it was not found out whether it is one; `ending` is empty then. */
  readonly endKnown: boolean;
  /** Hash of the machine's state at the end, 16 hexadecimal digits. */
  readonly hash: string;
  readonly stopped: { readonly reason: string; readonly agent: number } | undefined;
}

/**
 * Watches a run, whoever drives it, and says which properties it violates. Nothing is remembered and nothing reduced:
 *
 * ```ts
 * const monitor = new Monitor(machine);
 * for (const agent of [0, 1, 0]) {
 *   monitor.beforeStep();
 *   machine.step(agent);
 * }
 * console.log(monitor.end().violations);
 * ```
 */
export class Monitor {
  private readonly watch: Watch;
  private readonly violations: RunViolation[] = [];
  private steps = 0;
  /** A broken invariant is reported when it breaks, not for as long as it stays broken. */
  private readonly broken = new Set<Property>();

  /** Begins with the state the machine is in; listens on its bus until `end` or `dispose`. */
  constructor(
    private readonly machine: Machine,
    private readonly properties: readonly Property[] = machine.properties,
    outcomes: readonly Tagging[] = [],
  ) {
    this.watch = new Watch(machine, properties, outcomes);
    this.watch.begin();
  }

  /** To be called before each single step, with the machine in the state before it. Answers with what the last step violated. */
  beforeStep(): readonly RunViolation[] {
    const found = this.finishStep();
    this.watch.begin();
    this.steps++;
    return found;
  }

  /**
   * What bottom properties say about the state the machine is in, if it is an end; the run may go on. Undefined when more than
   * `maxStates` states can follow, so that nobody knows.
   */
  judge(maxStates?: number): readonly RunViolation[] | undefined {
    const { machine, properties, steps, watch } = this;
    this.finishStep();
    const complaints = judgeEnding(machine, properties, maxStates);
    // What was heard while looking ahead did not happen.
    watch.begin();
    return complaints?.map(({ property, text }) => ({ property: property.name, text, step: steps }));
  }

  /** Places that got a tag, as the outcomes asked for say. */
  get coverage(): Coverage {
    return this.watch.coverage;
  }

  /** Judges the end, and listens no more. The machine is left as it is. */
  end(): Monitored {
    try {
      const ending = this.judge();
      const { machine, steps, violations } = this;
      return {
        steps,
        violations,
        ending: ending ?? [],
        endKnown: ending !== undefined,
        hash: machine.arena.computeHash(),
        stopped: machine.stopped,
      };
    } finally {
      this.dispose();
    }
  }

  /** Listens no more. */
  dispose(): void {
    this.watch.dispose();
  }

  private finishStep(): readonly RunViolation[] {
    const before = this.violations.length;
    const report = (property: Property, text: string): void => {
      this.violations.push({ property: property.name, text, step: this.steps });
    };
    for (const { property, text } of this.watch.heard().violations) report(this.properties[property], text);
    for (const property of this.properties) {
      if (property.kind !== 'invariant') continue;
      const text = property.check();
      if (text === undefined) this.broken.delete(property);
      else if (!this.broken.has(property)) {
        this.broken.add(property);
        report(property, text);
      }
    }
    return this.violations.slice(before);
  }
}
