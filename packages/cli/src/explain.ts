import type { Verdict } from '@checkstop/explorer';
import type { CheckstopError } from '@checkstop/kernel';
import { judgementOf } from '@checkstop/report';
import { type Cell, prepareCell } from './cell.ts';
import { isCheckstopError } from './complaint.ts';
import type { Config } from './config.ts';
import { type ChangedPart, type Neighbour, neighbours } from './neighbours.ts';
import { type CellRun, type RunOptions, runCell } from './run-cell.ts';

/** States at which a neighbour is given up: cells of two brief guests have about a thousand, and one that runs wild has no end. */
const NEIGHBOUR_STATES = 20_000;

/** A neighbour, and what became of it. */
export interface TriedNeighbour extends Neighbour {
  /** `refused`: the plugins say that it makes no sense, or its machine never gets ready. */
  readonly verdict: Verdict | 'refused';
  /** Properties that are violated, in their order; response properties under the profile of fairness that was demanded, if one was. */
  readonly violated: readonly string[];
  /** Whether every property was decided: only then one that is not in `violated` holds. */
  readonly complete: boolean;
  /** Why it was refused. */
  readonly why?: string;
}

/** What is said of a cell in comparison with others. */
type Judged = Pick<TriedNeighbour, 'verdict' | 'violated' | 'complete'>;

/** A cell, and all that one step can make of it. */
export interface Explanation {
  readonly run: CellRun;
  /** What the cell itself is judged by, as its neighbours are. */
  readonly judged: Judged;
  readonly tried: readonly TriedNeighbour[];
  /** Neighbours that were not tried any more because somebody interrupted. */
  readonly left: number;
  /** States at which a neighbour was given up. */
  readonly neighbourStates: number;
}

/** How to explain a cell: as one searches it, and told before each neighbour how many were done of how many. */
export interface ExplainOptions extends RunOptions {
  readonly config?: Config;
  readonly cwd?: string;
  /** Of which parts other options and exchanges are tried; all of them unless said. */
  readonly vary?: readonly ChangedPart[];
  /** A neighbour is about to be searched: how many were before it, and of how many. */
  readonly onNeighbour?: (neighbour: Neighbour, done: number, of: number) => void;
}

/**
 * Searches a cell and then each neighbour ({@link neighbours}), so that what the verdict hangs on is found and not looked up.
 * Liveness is part of it where a profile of fairness is demanded; FIFO locks are a neighbour.
 *
 * @throws CheckstopError as `runCell` does, of the cell itself; a neighbour that throws one is refused
 */
export async function explainCell(
  cell: Cell,
  { config = {}, cwd = process.cwd(), vary, onNeighbour, onStart, ...options }: ExplainOptions = {},
): Promise<Explanation> {
  const how = { ...options, fifoLocks: false };
  const run = await runCell(cell, { ...how, ...(onStart && { onStart }) });
  const near = neighbours(cell, config).filter(({ part }) => vary?.includes(part) ?? true);
  const neighbourStates = Math.min(NEIGHBOUR_STATES, options.limits?.states ?? NEIGHBOUR_STATES);
  const limits = { ...options.limits, states: neighbourStates };
  const tried: TriedNeighbour[] = [];
  for (const neighbour of near) {
    if (options.interrupted?.()) break;
    onNeighbour?.(neighbour, tried.length, near.length);
    tried.push({ ...neighbour, ...(await attempt(neighbour, { config, cwd, ...how, limits })) });
  }
  return { run, judged: judge(run), tried, left: near.length - tried.length, neighbourStates };
}

async function attempt(
  { spec }: Neighbour,
  { config, cwd, ...options }: ExplainOptions,
): Promise<Judged & Pick<TriedNeighbour, 'why'>> {
  try {
    return judge(await runCell(await prepareCell(spec, config, cwd), options));
  } catch (error) {
    if (!isCheckstopError(error)) throw error;
    return { verdict: 'refused', violated: [], complete: false, why: (error as CheckstopError).message };
  }
}

function judge(run: CellRun): Judged {
  const { result, machine, fairness } = run;
  const lassos = (result.lassos ?? []).filter((lasso) => lasso.fairness === fairness);
  const violated = [...new Set([...result.violations, ...lassos].map(({ property }) => property))];
  const complete = result.complete && result.livenessComplete !== false;
  return { verdict: judgementOf({ ...run, properties: machine.properties }), violated, complete };
}
