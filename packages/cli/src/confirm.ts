import { confirmLasso, parseToken, type Result, rerun, type SampleResult } from '@checkstop/explorer';
import { CheckstopError, type Machine, type Schedule } from '@checkstop/kernel';
import type { Cell } from './cell.ts';
import { isCheckstopError } from './complaint.ts';

/** What was found, by a search or by sampling. */
type Found = Pick<Result, 'violations' | 'witness' | 'lassos'> | Pick<SampleResult, 'violations'>;

/**
 * Runs whatever will be printed once more, each on a machine of its own that has just booted, of code that was loaded anew: what a
 * plugin remembers in a variable of its own is then as it will be for whoever replays the token, and not as a search left it.
 *
 * @throws CheckstopError EXPLORE_NOT_REPRODUCED when it does not come out as it was found
 */
export async function confirm(origin: Cell, found: Found): Promise<void> {
  const cell = origin.foreign.length > 0 ? await origin.fresh() : origin;
  for (const { property, schedule, token } of found.violations)
    attempt(cell, `'${property}' violated`, (machine) => whyNotViolated(machine, property, schedule, token));
  if ('witness' in found && found.witness) {
    const { schedule, token } = found.witness;
    attempt(cell, 'a run that goes well', (machine) => whyOther(rerun(machine, schedule, []).hash, token));
  }
  for (const lasso of ('lassos' in found && found.lassos) || [])
    attempt(cell, `'${lasso.property}' violated`, (machine) => {
      const property = machine.properties.find(({ kind, name }) => kind === 'response' && name === lasso.property);
      if (property?.kind !== 'response') return 'there is no such property';
      confirmLasso(machine, machine.arena.snapshot(), property, lasso);
      return whyOther(machine.arena.computeHash(), lasso.token);
    });
}

/** Undefined when it is violated. */
function whyNotViolated(machine: Machine, name: string, schedule: Schedule, token: string): string | undefined {
  const properties = machine.properties.filter((property) => property.name === name);
  const { violations, ending, endKnown, hash } = rerun(machine, schedule, properties);
  const other = whyOther(hash, token);
  if (other !== undefined) return other;
  if (violations.length + ending.length > 0) return undefined;
  // Whether the end can be left is too much to find out again; that what is wrong in it is wrong, is not.
  const isWrong = properties.some((property) => property.kind === 'bottom' && property.check() !== undefined);
  return !endKnown && isWrong ? undefined : 'the run violates no such property';
}

const whyOther = (hash: string, token: string): string | undefined =>
  hash === parseToken(token).hash ? undefined : 'the run ends in another state';

function attempt(cell: Cell, what: string, whyNot: (machine: Machine) => string | undefined): void {
  let why: string | undefined;
  let cause: unknown;
  try {
    why = whyNot(cell.boot());
  } catch (error) {
    if (!isCheckstopError(error)) throw error;
    cause = error;
    why = error.code;
  }
  if (why === undefined) return;
  throw notReproduced(
    cell,
    `The search found ${what}, but a machine that has just booted does not do the same again: ${why}`,
    cause,
  );
}

/** Does a part of a search or of sampling; that its own machine does not do the same again is said with who may be to blame. */
export function blaming<T>(cell: Cell, part: () => T): T {
  try {
    return part();
  } catch (error) {
    if (!isCheckstopError(error) || !CODES.includes(error.code)) throw error;
    throw notReproduced(
      cell,
      `What was found does not come about again when it is run once more: ${error.code}`,
      error,
    );
  }
}

/** What a machine throws that is asked for the same run twice, and takes another. */
const CODES = ['EXPLORE_NOT_REPRODUCED', 'REPLAY_DIVERGED'];

function notReproduced({ foreign }: Cell, what: string, cause: unknown): CheckstopError {
  const who =
    foreign.length === 0
      ? 'Some plugin keeps state outside the arena: please report it'
      : `State outside the arena, such as a variable that steps read, is kept by ${foreign.join(' or ')}: keep it in a record declared with ctx.state()`;
  return new CheckstopError(
    'EXPLORE_NOT_REPRODUCED',
    `${what}. ${who}, and look for it with checkDeterminism.`,
    { foreign },
    { cause },
  );
}
