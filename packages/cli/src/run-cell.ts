import { setImmediate } from 'node:timers/promises';
import {
  explore,
  type Fairness,
  type Limits,
  type Mode,
  type Progress,
  type Result,
  readSaved,
  resume as resumed,
} from '@checkstop/explorer';
import type { Machine } from '@checkstop/kernel';
import type { Cell } from './cell.ts';
import { blaming, confirm } from './confirm.ts';
import { refuseHiddenState } from './hidden-state.ts';
import type { MutantVerdict } from './mutants.ts';
import { deliveryOutcomes } from './outcomes.ts';
import { slice } from './slice.ts';

/** How long and how to search a cell. */
export interface RunOptions {
  readonly mode?: Mode;
  /** `milliseconds` are those of composing and booting, too. */
  readonly limits?: Limits;
  /** Whether to decide liveness, too, once the verdict is known. Default: if a profile of fairness is demanded. */
  readonly liveness?: boolean;
  /** Whether to decide liveness in the same cell with locks that go to whoever has asked longest, too, if there is one. Default true. */
  readonly fifoLocks?: boolean;
  /** The profile of fairness under which response properties have to hold, for the exit code and reports. Default: none of them has to. */
  readonly fairness?: Fairness;
  /** A search of this cell that was cut short, to go on with; mode and whether to decide liveness are that one's. */
  readonly resume?: Uint8Array;
  /** Given the search as bytes when it is cut short, by a limit or because it was interrupted. */
  readonly onCut?: (saved: Uint8Array) => void;
  /** Asked between slices; once it says yes the cell is `incomplete`. */
  readonly interrupted?: () => boolean;
  /**
   * Asked every 10,000 states or so; once it says yes the cell is `incomplete`. Unlike `interrupted` it is asked at the same places
   * whatever the clock says, so that what comes of it does not depend on how fast the search is.
   */
  readonly enough?: (progress: Progress) => boolean;
  /** The machine has booted; the search begins. */
  readonly onStart?: (cell: Cell, machine: Machine, mode: Mode) => void;
  /** Told between slices. */
  readonly onProgress?: (progress: Progress, seconds: number) => void;
}

/** A cell that was searched. */
export interface CellRun {
  readonly cell: Cell;
  readonly result: Result;
  /** The machine at the guest's `ready`, where the search began. */
  readonly machine: Machine;
  /** Which reductions were asked for. */
  readonly mode: Mode;
  readonly limits: Limits;
  /** The same cell with locks that go to whoever has asked longest, if liveness was asked for and there is such a cell. */
  readonly fifoLocks?: CellRun;
  /** The profile of fairness that was demanded. */
  readonly fairness?: Fairness;
  /** What became of the deliberate mistakes that it was tried with, where it was. */
  readonly mutants?: readonly MutantVerdict[];
  /** Whether each of them that made a difference has to be seen. */
  readonly mutantsRequired?: boolean;
  /** Composing, booting and searching, by the wall clock. */
  readonly seconds: number;
}

/** States expanded between two times that it is asked whether that is enough. */
const ENOUGH = 10_000;

/**
 * Boots a cell's machine and explores it in slices, so that it can be watched and interrupted.
 *
 * @throws CheckstopError STATE_OUTSIDE_ARENA when a plugin is caught with state where no search sees it, EXPLORE_NOT_REPRODUCED when
 * what was found does not come about again, those of the machine's plugins, and those of {@link resumed} where it goes on with a search
 */
export async function runCell(
  cell: Cell,
  { limits = {}, fairness, resume, ...options }: RunOptions = {},
): Promise<CellRun> {
  const { mode = 'reduced', liveness = fairness !== undefined } = resume ? readSaved(resume) : options;
  const { interrupted, enough, onStart, onProgress, onCut } = options;
  const started = performance.now();
  const seconds = (): number => (performance.now() - started) / 1000;
  const machine = cell.boot();
  onStart?.(cell, machine, mode);
  if (!interrupted?.()) refuseHiddenState(machine);
  // Who gives a minute means all of it.
  const { milliseconds = Number.POSITIVE_INFINITY } = limits;
  const left = { ...limits, milliseconds: Math.max(0, milliseconds - 1000 * seconds()) };
  const how = { limits: left, now: () => performance.now(), outcomes: deliveryOutcomes };
  const search = resume
    ? resumed(machine, resume, how)
    : explore(machine, { ...how, mode, liveness, config: cell.spec });
  let advanced = 0;
  let isEnough = false;
  const work = {
    get done(): boolean {
      return search.done || isEnough;
    },
    advance(expansions: number): void {
      search.advance(expansions);
      advanced += expansions;
      if (advanced % ENOUGH === 0) isEnough = enough?.(search.progress()) === true;
    },
  };
  while (!work.done && !interrupted?.()) {
    blaming(cell, () => slice(work));
    onProgress?.(search.progress(), seconds());
    await setImmediate();
  }
  if (onCut && (!search.done || search.cut)) onCut(search.save());
  const result = blaming(cell, () => search.result());
  await confirm(cell, result);
  const isCut = result.limit !== undefined || isEnough || interrupted?.() === true;
  const inOrder = liveness && options.fifoLocks !== false && !isCut ? cell.fifoLocks() : undefined;
  const fifoLocks =
    inOrder &&
    (await runCell(inOrder, {
      mode,
      limits,
      liveness,
      ...(interrupted && { interrupted }),
      ...(onProgress && { onProgress }),
    }));
  const found = { cell, result, machine, mode, limits, ...(fairness && { fairness }), ...(fifoLocks && { fifoLocks }) };
  return { ...found, seconds: seconds() };
}
