import { CheckstopError } from './error.ts';
import type { Machine } from './machine.ts';
import { appendMove, type Move } from './scheduler/schedule.ts';
import type { Scheduler } from './scheduler/scheduler.ts';

/** A choice inside a step, as it was answered. */
export interface Answer {
  readonly name: string;
  readonly count: number;
  readonly answer: number;
}

/** Answers to the choices inside steps: in the order they are asked, or made when they are. What has no answer is answered 0. */
export type Answers = readonly number[] | ((name: string, count: number) => number);

/** How far a run goes, and what it leaves behind. */
export interface RunOptions {
  readonly maxSteps: number;
  /** Asked before each decision of the scheduler; true ends the run. */
  until?(): boolean;
  /** Gets every step appended, so that the run can be replayed. */
  readonly record?: Move[];
}

/** Why a run ended. `schedule`: the scheduler had no more to say. `idle`: nothing can happen any more, though nobody stopped the machine. */
export interface RunResult {
  readonly reason: 'stopped' | 'idle' | 'until' | 'limit' | 'schedule';
  readonly steps: number;
}

/** See {@link Machine.run}. */
export function run(machine: Machine, scheduler: Scheduler, options: RunOptions): RunResult {
  const { maxSteps, until, record } = options;
  const answers: Answers = (name, count) => scheduler.choose?.(name, count) ?? 0;
  let steps = 0;
  while (steps < maxSteps) {
    if (until?.()) return { reason: 'until', steps };
    const alternatives = machine.alternatives();
    if (alternatives.length === 0) return { reason: machine.stopped ? 'stopped' : 'idle', steps };
    const decision = scheduler.next(alternatives);
    if (!decision) return { reason: 'schedule', steps };
    const { index, budget } = decision;
    const alternative = alternatives[index];
    if (!alternative || !(budget >= 1) || budget % 1 > 0)
      throw new CheckstopError(
        'SCHEDULER_BAD_DECISION',
        `The scheduler picked alternative ${index} of ${alternatives.length} with a budget of ${budget}; the index counts from 0, and the budget is a whole number from 1.`,
        { index, budget, count: alternatives.length },
      );
    const action = machine.actions.indexOf(alternative.action);
    steps += takeTurn(machine, alternative.agent, action, Math.min(budget, maxSteps - steps), answers, record);
  }
  return { reason: machine.stopped ? 'stopped' : 'limit', steps };
}

/**
 * Gives an agent a turn of `budget` single steps, shorter only if it can't go on. Where the agent itself would pause does not matter,
 * and while somebody listens it is stepped one by one; so a run goes the same way traced or not.
 */
function takeTurn(
  machine: Machine,
  agent: number,
  action: number,
  budget: number,
  answers: Answers,
  record: Move[] | undefined,
): number {
  let used = 0;
  do {
    const steps = machine.perform(agent, action, machine.bus.listened('step') ? 1 : budget - used, answers);
    const given = machine.asked.map(({ answer }) => answer);
    if (record) appendMove(record, agent, machine.actions[action], given, steps);
    used += steps;
  } while (used < budget && action === 0 && machine.available(agent, 0));
  return used;
}
