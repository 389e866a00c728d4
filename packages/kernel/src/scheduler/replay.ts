import { CheckstopError } from '../error.ts';
import type { Machine } from '../machine.ts';
import { type Move, type Schedule, scheduleLength } from './schedule.ts';
import type { Scheduler } from './scheduler.ts';

/** Called before each single step of a replay, while the machine is still in the state before it. */
export type BeforeStep = (move: Move, index: number) => void;

/**
 * A scheduler that does what was recorded, one step at a time, and then ends the run.
 *
 * Its `next` throws CheckstopError REPLAY_DIVERGED when a recorded step is not possible: the machine is not the one that was recorded.
 */
export function replaying(schedule: Schedule, beforeStep?: BeforeStep): Scheduler {
  let index = 0;
  let position = 0;
  let done = 0;
  let answers: number[] = [];
  return {
    next(alternatives) {
      const move = schedule[position];
      if (!move) return undefined;
      if (done === 0) answers = [...move.answers];
      const found = alternatives.findIndex(({ agent, action }) => agent === move.agent && action === move.action);
      if (found < 0) throw diverged(move, index);
      beforeStep?.(move, index);
      index++;
      if (++done === move.count) {
        position++;
        done = 0;
      }
      return { index: found, budget: 1 };
    },
    choose: () => answers.shift() ?? 0,
  };
}

/**
 * Replays a whole schedule on a machine; returns the number of steps.
 *
 * @throws CheckstopError REPLAY_DIVERGED
 */
export function replay(machine: Machine, schedule: Schedule, beforeStep?: BeforeStep): number {
  const length = scheduleLength(schedule);
  const { steps } = machine.run(replaying(schedule, beforeStep), { maxSteps: length });
  if (steps < length) throw diverged(moveOf(schedule, steps), steps);
  return steps;
}

/** The move that single step `index` belongs to. */
function moveOf(schedule: Schedule, index: number): Move {
  let position = 0;
  for (let end = schedule[0].count; end <= index; end += schedule[position].count) position++;
  return schedule[position];
}

function diverged(move: Move, index: number): CheckstopError {
  return new CheckstopError(
    'REPLAY_DIVERGED',
    `Step ${index} of the schedule, '${move.action}' of agent ${move.agent}, is not possible here; replay it on the machine it was recorded on (same plugins, versions, options).`,
    { index, move },
  );
}
