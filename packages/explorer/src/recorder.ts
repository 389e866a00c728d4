import { CheckstopError, type Machine, type Property, type Snapshot } from '@checkstop/kernel';
import type { Expander } from './expander.ts';
import { type Leg, spell } from './path.ts';
import { type Rerun, rerun } from './rerun.ts';
import type { Counterexample, Run } from './result.ts';
import { formatToken } from './token.ts';

/** What paths are recorded from. */
export interface Recording {
  readonly machine: Machine;
  /** The state in which every path begins. */
  readonly start: Snapshot;
  readonly initial: Int32Array;
  readonly expander: Expander;
  readonly properties: readonly Property[];
  readonly config: unknown;
}

/** Turns a path of the search into a run that was really executed once more, from the start and without any memory. */
export function recordRun(
  recording: Recording,
  legs: readonly Leg[],
  shortest: boolean,
  property?: string,
): { run: Run; shown: Rerun } {
  const { machine, start, initial, expander, properties, config } = recording;
  const { schedule, ...cost } = spell(expander, initial, legs);
  machine.arena.restore(start);
  const shown = rerun(machine, schedule, properties);
  machine.arena.restore(start);
  const token = formatToken(machine, { config, schedule, property, hash: shown.hash });
  return { run: { schedule, token, ...cost, shortest }, shown };
}

/**
 * The same for a path that shows `property` violated.
 *
 * @throws CheckstopError EXPLORE_NOT_REPRODUCED when executing it does not show that: some plugin keeps state outside
 * the arena, or the machine was used while it was explored
 */
export function recordViolation(
  recording: Recording,
  property: string,
  legs: readonly Leg[],
  shortest: boolean,
): Counterexample {
  const { run, shown } = recordRun(recording, legs, shortest, property);
  const violation = [...shown.violations, ...shown.ending].findLast((candidate) => candidate.property === property);
  if (!violation)
    throw new CheckstopError(
      'EXPLORE_NOT_REPRODUCED',
      `The search found '${property}' violated, but executing that run again does not show it. Some plugin keeps state outside the arena (checkDeterminism finds it), or the machine was used while it was explored.`,
      { property, token: run.token },
    );
  return { property, text: violation.text, ...run };
}
