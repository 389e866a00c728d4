import { type Counterexample, type Lasso, type Paint, type Run, renderTimeline, timeline } from '@checkstop/explorer';
import { type Machine, type Schedule, scheduleLength } from '@checkstop/kernel';
import { costOf, fairnessText, fifoLassos, lassoCostOf } from '@checkstop/report';
import type { Cell } from './cell.ts';
import type { Colors, Io } from './io.ts';
import type { CellRun } from './run-cell.ts';

const paintWith =
  (colors: Colors): Paint =>
  (kind, text) => {
    if (kind === 'violation' || kind === 'fault') return colors.red(text);
    if (kind === 'local') return colors.dim(text);
    if (kind === 'lane') return colors.cyan(text);
    return kind === 'head' ? colors.bold(text) : text;
  };

/** Tells a schedule in columns, from the state the machine is in; `loopAt`: after so many steps its loop begins. */
export function story(
  machine: Machine,
  schedule: Schedule,
  { colors, columns }: Pick<Io, 'colors' | 'columns'>,
  loopAt?: number,
): string {
  const told = timeline(machine, schedule, loopAt === undefined ? {} : { loopAt });
  return renderTimeline(told, { width: columns, paint: paintWith(colors) });
}

/** What it takes to run a cell's tokens again. */
type Replayed = Pick<Cell, 'loaded' | 'configFile'>;

/**
 * The command that runs a token again, for a shell: it names the configuration that was named for the cell, and where that has parts
 * that are loaded by name it says that they are trusted.
 */
export const replayLine = (token: string, cell: Replayed): string => `checkstop replay ${given(cell)}${token}`;

/** The command that goes on with a saved search, likewise. */
export const resumeLine = (file: string, cell: Replayed): string =>
  `checkstop explore ${given(cell)}--resume ${shellWord(file)}`;

function given({ loaded, configFile }: Replayed): string {
  const config = configFile === undefined ? '' : `--config ${shellWord(configFile)} `;
  return `${loaded.length > 0 ? '--trust ' : ''}${config}`;
}

/** Text as one word of a POSIX shell. */
const shellWord = (text: string): string =>
  /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;

/** Nothing but what comes with the command. */
const OURS: Replayed = { loaded: [] };

/** A counterexample in full: what is violated, the run in columns, and how to run it again; `cell` says what that takes. */
export function violationText(
  machine: Machine,
  violation: Counterexample,
  io: Pick<Io, 'colors' | 'columns'>,
  cell = OURS,
): string {
  const { property, text, schedule, token } = violation;
  return `${io.colors.bold(property)}: ${text}\n(${costOf(violation)})\n${story(machine, schedule, io)}\n\n${replayLine(token, cell)}\n`;
}

/**
 * A run without an end in full: under which fairness, and `what` else, it violates what, its stem and loop in columns, and how to run it
 * again.
 */
export function lassoText(
  machine: Machine,
  lasso: Lasso,
  io: Pick<Io, 'colors' | 'columns'>,
  cell = OURS,
  what = '',
): string {
  const { property, fairness, text, stem, loop, token } = lasso;
  const told = story(machine, [...stem, ...loop], io, scheduleLength(stem));
  return `${io.colors.bold(`${property} under ${fairnessText(fairness)}${what}`)}: ${text}\n(${lassoCostOf(lasso)})\n${told}\n\n${replayLine(token, cell)}\n`;
}

/** The runs without an end, in full, that are fair where locks go to whoever has asked longest. */
export const fifoLocksText = ({ result, machine, cell }: CellRun, io: Pick<Io, 'colors' | 'columns'>): string =>
  fifoLassos({ result })
    .map((lasso) => `\n${lassoText(machine, lasso, io, cell, ' with FIFO locks')}`)
    .join('');

/** A run that went well, in full. */
export const witnessText = (machine: Machine, run: Run, io: Pick<Io, 'colors' | 'columns'>, cell = OURS): string =>
  `${io.colors.bold('witness')}: a delivery that went well (${costOf(run)})\n${story(machine, run.schedule, io)}\n\n${replayLine(run.token, cell)}\n`;

/** Said of a run in whose end somebody waits, when nobody knows whether for good. */
export const END_UNKNOWN = 'Whether this end can be left was not found out: too much can follow it.';
