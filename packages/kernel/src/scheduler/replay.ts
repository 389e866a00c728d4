import { CheckstopError } from '../error.ts';
import type { Machine } from '../machine.ts';
import { type Move, type Schedule, scheduleLength } from './schedule.ts';
import type { Scheduler } from './scheduler.ts';

/** Called before each single step of a replay, while the machine is still in the state before it. */
export type BeforeStep = (move: Move, index: number) => void;

/** A scheduler that knows whether all was done that was recorded. */
export interface Replaying extends Scheduler {
  /** To be called when the run has ended. @throws CheckstopError REPLAY_DIVERGED when steps, or answers, are left */
  end(): void;
}

/**
 * A scheduler that does what was recorded, one step at a time, and then ends the run.
 *
 * Its `next` throws CheckstopError REPLAY_DIVERGED when a recorded step is not possible, or a step has not asked for all that was
 * answered: the machine is not the one that was recorded, or remembers something that is no part of its state.
 */
export function replaying(schedule: Schedule, beforeStep?: BeforeStep): Replaying {
  let index = 0;
  let position = 0;
  let done = 0;
  let answers: number[] = [];
  const nothingLeft = (): void => {
    const move = schedule[position - 1];
    if (done === 0 && move && answers.length > 0) throw leftOver(move, index - 1, answers.length);
  };
  return {
    next(alternatives) {
      nothingLeft();
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
    end() {
      nothingLeft();
      const move = schedule[position];
      if (move) throw diverged(move, index);
    },
  };
}

/**
 * Replays a whole schedule on a machine; returns the number of steps.
 *
 * @throws CheckstopError REPLAY_DIVERGED
 */
export function replay(machine: Machine, schedule: Schedule, beforeStep?: BeforeStep): number {
  const scheduler = replaying(schedule, beforeStep);
  const { steps } = machine.run(scheduler, { maxSteps: scheduleLength(schedule) });
  scheduler.end();
  return steps;
}

/** Same plugins, versions and options are not enough where a plugin remembers something of its own: say so, too. */
const ADVICE =
  'Replay it on the machine it was recorded on (same plugins, versions, options); if this is that machine, a plugin keeps state outside the arena, such as a variable of its own that its steps read: declare it with ctx.state(), and find it with checkDeterminism.';

const diverged = (move: Move, index: number): CheckstopError =>
  new CheckstopError(
    'REPLAY_DIVERGED',
    `Step ${index} of the schedule, '${move.action}' of agent ${move.agent}, is not possible here. ${ADVICE}`,
    { index, move },
  );

const leftOver = (move: Move, index: number, left: number): CheckstopError =>
  new CheckstopError(
    'REPLAY_DIVERGED',
    `Step ${index} of the schedule, '${move.action}' of agent ${move.agent}, did not ask for ${left} of the answers recorded with it. ${ADVICE}`,
    { index, move, left },
  );
