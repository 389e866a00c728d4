import { CheckstopError, type Machine, type Property, type Snapshot } from '@checkstop/kernel';
import type { Expander } from './expander.ts';
import { type Leg, spell } from './path.ts';
import { rerun } from './rerun.ts';
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
export function recordRun(recording: Recording, legs: readonly Leg[], shortest: boolean): Run {
  return record(recording, legs, shortest).run;
}

/**
 * The same for a path that shows `property` violated.
 *
 * @throws CheckstopError EXPLORE_NOT_REPRODUCED when executing it does not show that: some plugin keeps state outside
 * the arena, or the machine was used while it was explored
 */
export function recordViolation(
  recording: Recording,
  property: Property,
  legs: readonly Leg[],
  shortest: boolean,
): Counterexample {
  const { run, text } = record(recording, legs, shortest, property);
  if (text === undefined)
    throw new CheckstopError(
      'EXPLORE_NOT_REPRODUCED',
      `The search found '${property.name}' violated, but executing that run again does not show it. Some plugin keeps state outside the arena (checkDeterminism finds it), or the machine was used while it was explored.`,
      { property: property.name, token: run.token },
    );
  return { property: property.name, text, ...run };
}

function record(
  { machine, start, initial, expander, properties, config }: Recording,
  legs: readonly Leg[],
  shortest: boolean,
  property?: Property,
): { run: Run; text: string | undefined } {
  const { schedule, ...cost } = spell(expander, initial, legs);
  machine.arena.restore(start);
  let preemptions = 0;
  let last = -1;
  const before = (_step: number, agent: number): void => {
    if (last >= 0 && agent !== last && machine.available(last, 0)) preemptions++;
    last = agent;
  };
  // That the end is one, the search knows; an end may be too large for rerun to find that out again.
  const onTheWay = properties.filter(({ kind }) => kind !== 'bottom');
  const { violations, hash } = rerun(machine, schedule, onTheWay, { before });
  const said = violations.findLast((violation) => violation.property === property?.name)?.text;
  const text = property?.kind === 'bottom' ? property.check() : said;
  machine.arena.restore(start);
  const token = formatToken(machine, { config, schedule, hash });
  return { run: { schedule, token, ...cost, preemptions, shortest }, text };
}
