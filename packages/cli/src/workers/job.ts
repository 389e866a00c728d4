import type { Progress } from '@checkstop/explorer';
import type { Cell, CellSpec } from '../cell.ts';
import type { ConfigSource } from '../config.ts';
import type { MutantVerdict } from '../mutants.ts';
import type { CellRun, RunOptions } from '../run-cell.ts';

/** What every thread is given when it starts. */
export interface Setup {
  /** Where relative names of plugins start. */
  readonly cwd: string;
  /** The configuration, to be loaded there once more: functions cannot be sent. */
  readonly config: ConfigSource | undefined;
  /** One 32-bit cell: 1 once the user has asked to stop. */
  readonly stop: SharedArrayBuffer;
}

/** How to search. */
export type Search = Pick<RunOptions, 'mode' | 'limits' | 'liveness' | 'fairness'>;

/** A cell to be searched, or one of its mutants to be tried. */
export type Job =
  | { readonly spec: CellSpec; readonly search: Search }
  | { readonly spec: CellSpec; readonly mutant: string };

/** What came of a cell, as far as it can be sent: its plugins and machine are made again by who receives it. */
export type Sent = Omit<CellRun, 'cell' | 'machine' | 'fifoLocks'> & { readonly fifoLocks?: Sent };

/** What a thread says. */
export type Said =
  | { readonly progress: Progress; readonly seconds: number }
  | { readonly run: Sent }
  | { readonly verdict: MutantVerdict | undefined }
  | { readonly error: SentError };

/** An error; one with a code is made again as what it was. */
export interface SentError {
  readonly code: string | undefined;
  readonly message: string;
  readonly stack: string | undefined;
}

export const sent = ({ cell: _cell, machine: _machine, fifoLocks, ...rest }: CellRun): Sent => ({
  ...rest,
  ...(fifoLocks && { fifoLocks: sent(fifoLocks) }),
});

/** A run of this cell, with what came of it elsewhere. */
export function received(cell: Cell, { fifoLocks, ...rest }: Sent, machine = cell.boot()): CellRun {
  const inOrder = fifoLocks && cell.fifoLocks();
  return { ...rest, cell, machine, ...(fifoLocks && inOrder && { fifoLocks: received(inOrder, fifoLocks) }) };
}
