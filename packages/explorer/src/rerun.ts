import { type Machine, type Property, replay, type Schedule } from '@checkstop/kernel';
import { judgeEnding } from './ending.ts';
import { Watch } from './watch.ts';

/** A violation met while replaying. */
export interface RerunViolation {
  readonly property: string;
  readonly text: string;
  /** Steps taken by then, the one in which it happened included; 0 for what is wrong from the start. */
  readonly step: number;
}

/** What came of replaying a schedule. */
export interface Rerun {
  readonly steps: number;
  /** What event properties and invariants said on the way. */
  readonly violations: readonly RerunViolation[];
  /** What bottom properties say about the end, if it is one: if no step but a fault leads away for good. */
  readonly ending: readonly RerunViolation[];
  /** Hash of the machine's state at the end, 16 hexadecimal digits. */
  readonly hash: string;
  readonly stopped: { readonly reason: string; readonly agent: number } | undefined;
}

/** Sees each step of a replay. */
export interface RerunObserver {
  /** The step with this number, counted from 0, is about to be taken. */
  before?(step: number, agent: number, action: string): void;
  /** It was taken, and these properties were violated by it. */
  after?(step: number, violations: readonly RerunViolation[]): void;
}

/**
 * Runs a schedule on the machine from the state it is in, every step executed, nothing remembered, nothing reduced, and
 * says which properties it violates.
 *
 * @throws CheckstopError REPLAY_DIVERGED when a step of the schedule is not possible
 */
export function rerun(
  machine: Machine,
  schedule: Schedule,
  properties: readonly Property[] = machine.properties,
  observer: RerunObserver = {},
): Rerun {
  const watch = new Watch(machine, properties);
  const invariants = properties.filter((property) => property.kind === 'invariant');
  const violations: RerunViolation[] = [];
  let taken = 0;
  const report = (property: Property, text: string): void => {
    violations.push({ property: property.name, text, step: taken });
  };
  /** A broken invariant is reported when it breaks, not for as long as it stays broken. */
  const broken = new Set<Property>();
  const checkInvariants = (): void => {
    for (const invariant of invariants) {
      const text = invariant.check();
      if (text === undefined) broken.delete(invariant);
      else if (!broken.has(invariant)) {
        broken.add(invariant);
        report(invariant, text);
      }
    }
  };
  const finishStep = (): void => {
    const before = violations.length;
    for (const { property, text } of watch.heard().violations) report(properties[property], text);
    checkInvariants();
    if (taken > 0) observer.after?.(taken - 1, violations.slice(before));
  };
  try {
    watch.begin();
    replay(machine, schedule, ({ agent, action }, index) => {
      finishStep();
      watch.begin();
      observer.before?.(index, agent, action);
      taken = index + 1;
    });
    finishStep();
    return {
      steps: taken,
      violations,
      ending: judgeEnding(machine, properties).map(({ property, text }) => ({
        property: property.name,
        text,
        step: taken,
      })),
      hash: machine.arena.computeHash(),
      stopped: machine.stopped,
    };
  } finally {
    watch.dispose();
  }
}
