import { timeline } from '@checkstop/explorer';
import { html, junit, type Report, type ReportCell, sarif } from '@checkstop/report';
import { version } from '../package.json';
import { boundsLines } from './bounds.ts';
import type { Io } from './io.ts';
import { type OutputFiles, outputFiles } from './output-files.ts';
import { bigintText, formatPluginSpec } from './plugin-spec.ts';
import type { CellRun } from './run-cell.ts';
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

const FORMATS: Readonly<Record<Format, (runs: readonly CellRun[]) => string>> = {
  json: (runs) => `${JSON.stringify(verdicts(runs), bigintText, 2)}\n`,
  junit: (runs) => junit(reportOf(runs)),
  sarif: (runs) => sarif(reportOf(runs)),
  html: (runs) => html(reportOf(runs)),
};

/** The reports that a command will write, and the `Io` it has until then. */
export interface ReportFiles extends Pick<OutputFiles<Format>, 'io'> {
  /** Writes the reports that were asked for. @throws CheckstopError CLI_CANNOT_WRITE */
  write(runs: readonly CellRun[]): void;
}

/**
 * Looks at the files that were asked for, before the search.
 *
 * @throws CheckstopError CLI_CANNOT_WRITE, CLI_BAD_ARGUMENT
 */
export function reportFiles(
  outer: Io,
  { json, junit, sarif, html }: Readonly<Record<Format, string | undefined>>,
): ReportFiles {
  const files = { json, junit, sarif, html };
  const { io, write } = outputFiles(outer, files);
  return {
    io,
    write(runs) {
      for (const format of Object.keys(files) as Format[])
        if (files[format] !== undefined) write(format, FORMATS[format](runs));
    },
  };
}

const reportOf = (runs: readonly CellRun[]): Report => ({
  tool: { name: 'checkstop', version },
  cells: runs.map(reportCell),
});

const reportCell = ({
  cell,
  result,
  machine,
  limits,
  fairness,
  mutants,
  mutantsRequired,
  seconds,
}: CellRun): ReportCell => ({
  row: formatPluginSpec(cell.spec.strategy),
  column: formatPluginSpec(cell.spec.guest),
  result,
  seconds,
  bounds: boundsLines(cell, machine, limits),
  properties: checkedProperties(machine, result),
  ...(fairness && { fairness }),
  ...(mutants && { mutants }),
  ...(mutantsRequired && { mutantsRequired }),
  symbols: machine.use('guest').symbols,
  replayLine: (token) => replayLine(token, cell),
  tell: ({ schedule }, loopAt) =>
    timeline(machine, schedule, { changes: true, ...(loopAt !== undefined && { loopAt }) }),
});
