import { CheckstopError } from '../error.ts';
import type { Machine } from '../machine.ts';

/** One entry of a schedule: `count` single steps of an agent, or an offer's action (count 1), with the answers to the choices inside. */
export interface Move {
  readonly agent: number;
  readonly action: string;
  readonly count: number;
  readonly answers: readonly number[];
}

/** A run as data: who did what, in order, one step at a time. */
export type Schedule = readonly Move[];

/** Appends one step to a schedule under construction, folding runs of one agent's plain steps. */
export function appendMove(schedule: Move[], agent: number, action: string, answers: readonly number[] = []): void {
  const last = schedule.at(-1);
  if (
    last &&
    last.agent === agent &&
    last.action === action &&
    action === 'step' &&
    last.answers.length === 0 &&
    answers.length === 0
  )
    schedule[schedule.length - 1] = { ...last, count: last.count + 1 };
  else schedule.push({ agent, action, count: 1, answers });
}

/** Steps in a schedule. */
export function scheduleLength(schedule: Schedule): number {
  return schedule.reduce((sum, move) => sum + move.count, 0);
}

/**
 * Replays a schedule on a machine, step by step. `beforeStep` sees each one.
 *
 * @throws CheckstopError REPLAY_DIVERGED when a recorded step is not possible: the machine is not the one that was recorded
 */
export function replay(machine: Machine, schedule: Schedule, beforeStep?: (move: Move, index: number) => void): number {
  let index = 0;
  for (const move of schedule) {
    const action = machine.actions.indexOf(move.action);
    for (let i = 0; i < move.count; i++) {
      if (action < 0 || move.agent >= machine.agents.length || !machine.available(move.agent, action))
        throw new CheckstopError(
          'REPLAY_DIVERGED',
          `Step ${index} of the schedule, '${move.action}' of agent ${move.agent}, is not possible here; replay it on the machine it was recorded on (same plugins, versions, options).`,
          {
            index,
            move,
          },
        );
      beforeStep?.(move, index);
      machine.step(move.agent, action, move.answers);
      index++;
    }
  }
  return index;
}

/** Writes a schedule as one compact line: `agent` [`:action`] [`*`count] [`?`answers], joined by spaces. Steps need no action. */
export function formatSchedule(schedule: Schedule): string {
  return schedule
    .map(
      ({ agent, action, count, answers }) =>
        `${agent}${action === 'step' ? '' : `:${action}`}${count === 1 ? '' : `*${count}`}${answers.length === 0 ? '' : `?${answers.join(',')}`}`,
    )
    .join(' ');
}

const MOVE = /^(\d+)(?::([a-z][a-z0-9-]*))?(?:\*(\d+))?(?:\?(\d+(?:,\d+)*))?$/;

/**
 * Reads what {@link formatSchedule} wrote.
 *
 * @throws CheckstopError SCHEDULE_SYNTAX
 */
export function parseSchedule(text: string): Move[] {
  return text
    .split(' ')
    .filter((word) => word !== '')
    .map((word) => {
      const match = MOVE.exec(word);
      if (!match)
        throw new CheckstopError(
          'SCHEDULE_SYNTAX',
          `'${word}' is no move; a move is AGENT[:ACTION][*COUNT][?ANSWER,...], for example 0*12 or 1:check.`,
          { word },
        );
      const [, agent, action, count, answers] = match;
      return {
        agent: Number(agent),
        action: action ?? 'step',
        count: Number(count ?? 1),
        answers: answers ? answers.split(',').map(Number) : [],
      };
    });
}
