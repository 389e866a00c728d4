import { timeline } from '@checkstop/explorer';
import type { Machine } from '@checkstop/kernel';
import { counted, html, junit, type Report, type ReportCell, sarif } from '@checkstop/report';
import { version } from '../package.json';
import { boundsLines } from './bounds.ts';
import type { Cell } from './cell.ts';
import type { Io } from './io.ts';
import { type InputFile, type OutputFiles, outputFiles } from './output-files.ts';
import { bigintText, formatPluginSpec } from './plugin-spec.ts';
import { searchedText } from './report.ts';
import type { CellRun } from './run-cell.ts';
import type { SampledCell } from './run-sample.ts';
import { type Sampled, sampleReport, samplingLines } from './sampled.ts';
import { replayLine } from './story.ts';
import { checkedProperties, verdicts } from './verdicts.ts';

/** Options that say which files to write. */
export const reportArgs = {
  json: { type: 'string', valueHint: 'file', description: 'Write checkstop.verdicts/1 there; - is standard output' },
  junit: { type: 'string', valueHint: 'file', description: 'Write JUnit XML there' },
  sarif: { type: 'string', valueHint: 'file', description: 'Write SARIF 2.1.0 there' },
  html: { type: 'string', valueHint: 'file', description: 'Write a page with every timeline there' },
} as const;

type Format = keyof typeof reportArgs;

/** What reports are written of. */
export interface Reported {
  /** What `--json` writes. */
  readonly json: unknown;
  /** What the others write. */
  readonly cells: readonly ReportCell[];
}

const FORMATS: Readonly<Record<Format, (reported: Reported) => string>> = {
  json: ({ json }) => `${JSON.stringify(json, bigintText, 2)}\n`,
  junit: ({ cells }) => junit(reportOf(cells)),
  sarif: ({ cells }) => sarif(reportOf(cells)),
  html: ({ cells }) => html(reportOf(cells)),
};

const reportOf = (cells: readonly ReportCell[]): Report => ({ tool: { name: 'checkstop', version }, cells });

/** The reports that a command will write, and the `Io` it has until then. */
export interface ReportFiles extends Pick<OutputFiles<Format>, 'io'> {
  /** Writes the reports that were asked for: all that can be written. @throws CheckstopError CLI_CANNOT_WRITE */
  write(reported: Reported): void;
}

/**
 * Looks at the files that were asked for, before the search; `others` are those that the command writes beside reports, by option, and
 * `inputs` those that it reads.
 *
 * @throws CheckstopError CLI_CANNOT_WRITE, CLI_BAD_ARGUMENT
 */
export function reportFiles(
  outer: Io,
  { json, junit, sarif, html }: Readonly<Record<Format, string | undefined>>,
  inputs: readonly InputFile[] = [],
  others: Readonly<Record<string, string | undefined>> = {},
): ReportFiles {
  const files = { json, junit, sarif, html };
  const { io, write } = outputFiles(outer, { ...others, ...files }, inputs);
  return {
    io,
    write(reported) {
      const failures: unknown[] = [];
      for (const format of Object.keys(files) as Format[])
        try {
          if (files[format] !== undefined) write(format, FORMATS[format](reported));
        } catch (error) {
          failures.push(error);
        }
      if (failures.length > 0) throw failures[0];
    },
  };
}

/** Reports on searched cells. */
export const searchedReports = (runs: readonly CellRun[]): Reported => ({
  json: verdicts(runs),
  cells: runs.map(searchedCell),
});

const searchedCell = (run: CellRun): ReportCell => {
  const { cell, result, machine, mode, limits, fifoLocks, fairness, mutants, mutantsRequired, seconds } = run;
  return {
    ...cellBasis(cell, machine),
    result,
    effort: searchedText(run),
    seconds,
    bounds: boundsLines(cell, machine, limits, mode),
    properties: checkedProperties(machine, result),
    ...(fifoLocks && { fifoLocks: searchedCell(fifoLocks) }),
    ...(fairness && { fairness }),
    ...(mutants && { mutants }),
    ...(mutantsRequired && { mutantsRequired }),
  };
};

/** Reports on a sampled cell; `sampled`: how. */
export function sampledReports(run: SampledCell, sampled: Sampled): Reported {
  const { cell, result, machine, endedBy, seconds } = run;
  const cut = endedBy && { complete: false, ...(endedBy === 'milliseconds' && { limit: endedBy }) };
  const reportCell: ReportCell = {
    ...cellBasis(cell, machine),
    result: { ...result, ...cut },
    effort: `${counted(result.runs, 'run')}, ${counted(result.steps, 'step')}`,
    seconds,
    bounds: [...samplingLines(sampled), ...boundsLines(cell, machine)],
    properties: machine.properties.filter(({ kind }) => kind !== 'goal' && kind !== 'response'),
  };
  return { json: sampleReport(run, sampled), cells: [reportCell] };
}

const cellBasis = (
  cell: Cell,
  machine: Machine,
): Pick<ReportCell, 'row' | 'column' | 'symbols' | 'replayLine' | 'tell'> => ({
  row: formatPluginSpec(cell.spec.strategy),
  column: formatPluginSpec(cell.spec.guest),
  symbols: machine.use('guest').symbols,
  replayLine: (token) => replayLine(token, cell),
  tell: ({ schedule }, loopAt) =>
    timeline(machine, schedule, { changes: true, ...(loopAt !== undefined && { loopAt }) }),
});
