import { type CellSpec, prepareCell } from './cell.ts';
import type { Config } from './config.ts';
import { withMutants } from './mutants.ts';
import { type CellRun, type RunOptions, runCell } from './run-cell.ts';

/** Which cells, and how to search each. */
export interface MatrixOptions extends Omit<RunOptions, 'onProgress'> {
  /** Plugins beside the built-in ones. */
  readonly config?: Config;
  /** Relative names of plugins start here. */
  readonly cwd?: string;
  /** Whether to try cells that hold with the deliberate mistakes that apply: `CellRun.mutants`. Default false. */
  readonly mutants?: boolean;
  /** Whether each of these that makes a difference has to be seen, for the exit code and reports. Default false. */
  readonly mutantsRequired?: boolean;
  /** Told between slices, with the cell that is being searched. */
  readonly onProgress?: (spec: CellSpec, ...told: Parameters<NonNullable<RunOptions['onProgress']>>) => void;
  /** A cell is done. */
  readonly onCell?: (run: CellRun) => void;
}

/** Searches cells one after the other; every plugin is found before the first search begins. Once interrupted, the cells left are `incomplete`. */
export async function runMatrix(
  specs: readonly CellSpec[],
  {
    config = {},
    cwd = process.cwd(),
    mutants = false,
    mutantsRequired = false,
    onProgress,
    onCell,
    ...options
  }: MatrixOptions = {},
): Promise<CellRun[]> {
  const cells = await Promise.all(specs.map((spec) => prepareCell(spec, config, cwd)));
  const runs: CellRun[] = [];
  for (const cell of cells) {
    const searched = await runCell(cell, { ...options, onProgress: (...told) => onProgress?.(cell.spec, ...told) });
    const { interrupted } = options;
    const run = mutants
      ? await withMutants(searched, {
          required: mutantsRequired,
          ...(interrupted && { interrupted }),
          onProgress: (mutant, ...told) => onProgress?.({ ...cell.spec, mutant }, ...told),
        })
      : searched;
    runs.push(run);
    onCell?.(run);
  }
  return runs;
}
