import { DEFAULT_LIMITS, type Limits } from '@checkstop/explorer';
import { type Cell, type CellSpec, prepareCell } from './cell.ts';
import type { Config } from './config.ts';
import { withMutants } from './mutants.ts';
import { type CellRun, type RunOptions, runCell } from './run-cell.ts';
import { received, type Sent } from './workers/job.ts';
import { mutantsElsewhere, type Pool, poolOf } from './workers/pool.ts';

/** Which cells, and how to search each. */
export interface MatrixOptions extends Omit<RunOptions, 'onProgress' | 'resume' | 'onCut'> {
  /** Plugins beside the built-in ones. */
  readonly config?: Config;
  /** Relative names of plugins start here. */
  readonly cwd?: string;
  /** Whether to try cells that hold with the deliberate mistakes that apply: `CellRun.mutants`. Default false. */
  readonly mutants?: boolean;
  /** Whether each of these that makes a difference has to be seen, for the exit code and reports. Default false. */
  readonly mutantsRequired?: boolean;
  /** Threads that search, so many cells or mutants at a time. Default 1: this thread alone, as for a configuration that was made in code. */
  readonly workers?: number;
  /** Told between slices, with the cell that is being searched. */
  readonly onProgress?: (spec: CellSpec, ...told: Parameters<NonNullable<RunOptions['onProgress']>>) => void;
  /** A cell is done; in the order of the cells, whoever is done first. */
  readonly onCell?: (run: CellRun) => void;
  /** A cell could not be searched, and is left out; others go on. Without this, the error is thrown. */
  readonly onFailure?: (spec: CellSpec, error: unknown) => void;
}

/**
 * Searches cells; every plugin is found before the first search begins. Results, and what is told of them, are the same for any
 * number of workers. Once interrupted, the cells left are `incomplete`.
 */
export async function runMatrix(specs: readonly CellSpec[], options: MatrixOptions = {}): Promise<CellRun[]> {
  const { config = {}, cwd = process.cwd(), workers = 1, onCell, onFailure } = options;
  const cells = await Promise.all(specs.map((spec) => prepareCell(spec, config, cwd)));
  // More would have nothing to do.
  const most = options.mutants ? workers : Math.min(workers, cells.length);
  const pool = poolOf(config, cwd, most, options.interrupted);
  const elsewhere = pool && new Elsewhere(pool, most, cells, options);
  const runs: CellRun[] = [];
  try {
    for (const [i, cell] of cells.entries()) {
      try {
        const run = elsewhere ? await elsewhere.run(i) : await runHere(cell, options);
        runs.push(run);
        onCell?.(run);
      } catch (error) {
        if (!onFailure) throw error;
        onFailure(cell.spec, error);
      }
    }
  } finally {
    await pool?.close();
  }
  return runs;
}

async function runHere(cell: Cell, { mutants, mutantsRequired, onProgress, onCell, ...options }: MatrixOptions) {
  const searched = await runCell(cell, { ...options, onProgress: (...told) => onProgress?.(cell.spec, ...told) });
  const { interrupted } = options;
  if (!mutants) return searched;
  return withMutants(searched, {
    required: mutantsRequired === true,
    ...(interrupted && { interrupted }),
    onProgress: (mutant, ...told) => onProgress?.({ ...cell.spec, mutant }, ...told),
  });
}

/**
 * Searches cells on the threads of a pool. Each thread may take its share of the memory; a cell for which that is not enough is
 * searched once more when all others are done, with all of it: so the limit holds in sum, and results are those of a single thread.
 */
class Elsewhere {
  private readonly searches: readonly Promise<Sent>[];

  constructor(
    private readonly pool: Pool,
    workers: number,
    private readonly cells: readonly Cell[],
    private readonly options: MatrixOptions,
  ) {
    const { limits = {} } = options;
    const share = { ...limits, bytes: Math.floor((limits.bytes ?? DEFAULT_LIMITS.bytes) / workers) };
    const first = cells.map((cell) => this.search(cell, share));
    let others: Promise<unknown> = Promise.allSettled(first);
    this.searches = first.map(async (search, i) => {
      const sent = await search;
      if (!ranOut(sent)) return { ...sent, limits };
      const again = others.then(() => this.search(cells[i], limits));
      others = again.catch(() => undefined);
      return again;
    });
    // Whoever's turn it is hears of an error.
    for (const search of this.searches) search.catch(() => undefined);
  }

  /** The cell whose turn it is. */
  async run(i: number): Promise<CellRun> {
    const { pool, options } = this;
    const { mode = 'reduced' } = options;
    const cell = this.cells[i];
    const machine = cell.boot();
    options.onStart?.(cell, machine, mode);
    const run = received(cell, await this.searches[i], machine);
    if (!options.mutants) return run;
    return withMutants(run, {
      required: options.mutantsRequired === true,
      elsewhere: mutantsElsewhere(pool, cell.spec, (mutant, ...told) =>
        options.onProgress?.({ ...cell.spec, mutant }, ...told),
      ),
    });
  }

  private search({ spec }: Cell, limits: Limits): Promise<Sent> {
    const { mode = 'reduced', fairness, liveness = fairness !== undefined, onProgress } = this.options;
    const search = { mode, limits, liveness, ...(fairness && { fairness }) };
    return this.pool.search(spec, search, (...told) => onProgress?.(spec, ...told));
  }
}

const ranOut = ({ result, fifoLocks }: Sent): boolean =>
  result.limit === 'bytes' || (fifoLocks !== undefined && ranOut(fifoLocks));
