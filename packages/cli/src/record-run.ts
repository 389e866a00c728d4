import { setImmediate } from 'node:timers/promises';
import { Monitor, type Monitored } from '@checkstop/explorer';
import type { Machine, Move, RunResult, Schedule, Scheduler } from '@checkstop/kernel';

/** Steps between two looks at Ctrl-C: about 50 ms. */
const SLICE = 1000;

/** A run that was watched and written down. */
export interface RecordedRun extends Monitored {
  readonly schedule: Schedule;
  /** Why it ended; `until`: it was interrupted. */
  readonly reason: RunResult['reason'];
}

/**
 * Runs a machine under a scheduler that takes single steps, watches what it violates, and keeps the schedule, so that the run can be
 * replayed. Goes on in slices, so that it can be interrupted.
 *
 * @throws CheckstopError of the machine's plugins
 */
export async function recordRun(
  machine: Machine,
  scheduler: Scheduler,
  maxSteps: number,
  interrupted: () => boolean,
): Promise<RecordedRun> {
  const schedule: Move[] = [];
  const monitor = new Monitor(machine);
  const watched: Scheduler = {
    next(alternatives) {
      const decision = scheduler.next(alternatives);
      if (decision) monitor.beforeStep();
      return decision;
    },
    choose: (name, count) => scheduler.choose?.(name, count) ?? 0,
  };
  try {
    let reason: RunResult['reason'] = 'limit';
    for (let left = maxSteps; left > 0 && reason === 'limit'; left -= SLICE) {
      await setImmediate();
      ({ reason } = interrupted()
        ? { reason: 'until' as const }
        : machine.run(watched, { maxSteps: Math.min(left, SLICE), record: schedule }));
    }
    return { ...monitor.end(), schedule, reason };
  } finally {
    monitor.dispose();
  }
}
