import { type Machine, type Property, replay, type Schedule } from '@checkstop/kernel';
import { Monitor, type Monitored, type RunViolation } from './monitor.ts';

/** Sees each step of a replay. */
export interface RerunObserver {
  /** The step with this number, counted from 0, is about to be taken. */
  before?(step: number, agent: number, action: string): void;
  /** It was taken, and these properties were violated by it. */
  after?(step: number, violations: readonly RunViolation[]): void;
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
): Monitored {
  const monitor = new Monitor(machine, properties);
  try {
    replay(machine, schedule, ({ agent, action }, step) => {
      const violations = monitor.beforeStep();
      if (step > 0) observer.after?.(step - 1, violations);
      observer.before?.(step, agent, action);
    });
    const result = monitor.end();
    const last = result.violations.filter(({ step }) => step === result.steps);
    if (result.steps > 0) observer.after?.(result.steps - 1, last);
    return result;
  } finally {
    monitor.dispose();
  }
}
