import { CheckstopError } from '../error.ts';

/** One entry of a schedule: `count` single steps of an agent, or an offer's action (count 1). `answers` are those to the choices inside, in the order they were asked. */
export interface Move {
  readonly agent: number;
  readonly action: string;
  readonly count: number;
  readonly answers: readonly number[];
}

/** A run as data: who did what, in order, one step at a time. */
export type Schedule = readonly Move[];

/** Appends steps to a schedule under construction, folding runs of one agent's plain steps. */
export function appendMove(
  schedule: Move[],
  agent: number,
  action: string,
  answers: readonly number[] = [],
  count = 1,
): void {
  const last = schedule.at(-1);
  if (last && action === 'step' && last.action === action && last.agent === agent)
    schedule[schedule.length - 1] = {
      ...last,
      count: last.count + count,
      answers: answers.length === 0 ? last.answers : [...last.answers, ...answers],
    };
  else schedule.push({ agent, action, count, answers });
}

/** Steps in a schedule. */
export function scheduleLength(schedule: Schedule): number {
  return schedule.reduce((sum, move) => sum + move.count, 0);
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

/** What an action may be called, so that a schedule can be written down. */
export const ACTION = /^[a-z][a-z0-9-]*$/;

/** Numbers have few digits, so that no text asks for a replay without end. */
const MOVE = /^(\d{1,2})(?::([a-z][a-z0-9-]*))?(?:\*([1-9]\d{0,8}))?(?:\?(\d{1,9}(?:,\d{1,9})*))?$/;

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
