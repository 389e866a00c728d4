import type { Fairness, Result, Run, Timeline } from '@checkstop/explorer';
import type { Property } from '@checkstop/kernel';
import { counted } from './counted.ts';
import type { TriedMutant } from './mutants.ts';

/**
 * What was found out about a cell: the result of a search or of sampling, or of anything else that tries runs. What only some of them
 * ask (goals, liveness, whether all states were visited) the others leave out.
 */
export type Found = Pick<Result, 'verdict' | 'violations'> &
  Partial<Pick<Result, 'witness' | 'goals' | 'lassos' | 'livenessComplete' | 'complete' | 'limit'>>;

/** What reports are made of: a matrix that was searched. */
export interface Report {
  /** Who searched. */
  readonly tool: { readonly name: string; readonly version: string };
  readonly cells: readonly ReportCell[];
}

/** One cell of the matrix, searched or sampled. */
export interface ReportCell {
  /** Its row, such as the strategy. */
  readonly row: string;
  /** Its column, such as the guest. */
  readonly column: string;
  readonly result: Found;
  /** What it took beside the time, in words: states, transitions. */
  readonly effort: string;
  /** How long it took: the only thing in a report that differs from run to run. */
  readonly seconds: number;
  /** What the verdict is bounded by, in lines. */
  readonly bounds: readonly string[];
  /** Every property that was checked. */
  readonly properties: readonly Property[];
  /** The same cell where locks go to whoever has asked longest, if that was searched: another machine, which tells its own runs. */
  readonly fifoLocks?: ReportCell;
  /** The profile under which response properties have to hold; default: none of them has to. */
  readonly fairness?: Fairness;
  /** The deliberate mistakes that it was tried with, where it was. */
  readonly mutants?: readonly TriedMutant[];
  /** Whether each of them that makes a difference has to be seen; default: none of them has to. */
  readonly mutantsRequired?: boolean;
  /** Where code begins that has a name: name to address. */
  readonly symbols: ReadonlyMap<string, number>;
  /** The command line that runs a token again; default: `checkstop replay TOKEN`. */
  replayLine?(token: string): string;
  /** Tells one of the result's runs, step by step; `loopAt`: after so many steps its loop begins. */
  tell(run: Pick<Run, 'schedule'>, loopAt?: number): Timeline;
}

/** A cell in one word each for row and column. */
export const nameOf = ({ row, column }: ReportCell): string => `${row} x ${column}`;

/** What it costs to get to the end of a run, in words. */
export const costOf = ({ faults, preemptions, steps, shortest }: Run): string =>
  `${counted(faults, 'check')}, ${counted(preemptions, 'preemption')}, ${counted(steps, 'visible step')}${shortest ? ', the shortest there is' : ''}`;

/** The command line that runs a run again. */
export const replayCommand = ({ replayLine }: ReportCell, { token }: Pick<Run, 'token'>): string =>
  replayLine ? replayLine(token) : `checkstop replay ${token}`;
