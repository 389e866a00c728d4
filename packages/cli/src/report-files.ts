import { timeline } from '@checkstop/explorer';
import { html, junit, type Report, type ReportCell, sarif } from '@checkstop/report';
import { version } from '../package.json';
import { boundsLines } from './bounds.ts';
import { type Io, writeOutput } from './io.ts';
import { formatPluginSpec } from './plugin-spec.ts';
import type { CellRun } from './run-cell.ts';
import { verdicts } from './verdicts.ts';

/** Options that say which files to write. */
export const reportArgs = {
  json: { type: 'string', valueHint: 'file', description: 'Write checkstop.verdicts/1 there' },
  junit: { type: 'string', valueHint: 'file', description: 'Write JUnit XML there' },
  sarif: { type: 'string', valueHint: 'file', description: 'Write SARIF 2.1.0 there' },
  html: { type: 'string', valueHint: 'file', description: 'Write a page with every timeline there' },
} as const;

type Format = keyof typeof reportArgs;

const FORMATS: Readonly<Record<Format, (runs: readonly CellRun[]) => string>> = {
  json: (runs) => `${JSON.stringify(verdicts(runs), null, 2)}\n`,
  junit: (runs) => junit(reportOf(runs)),
  sarif: (runs) => sarif(reportOf(runs)),
  html: (runs) => html(reportOf(runs)),
};

/** Writes the files that were asked for. @throws CheckstopError CLI_CANNOT_WRITE */
export function writeReports(
  io: Io,
  files: Readonly<Record<Format, string | undefined>>,
  runs: readonly CellRun[],
): void {
  for (const [format, write] of Object.entries(FORMATS)) {
    const file = files[format as Format];
    if (file !== undefined) writeOutput(io, file, write(runs));
  }
}

const reportOf = (runs: readonly CellRun[]): Report => ({
  tool: { name: 'checkstop', version },
  cells: runs.map(reportCell),
});

const reportCell = ({ cell, result, machine, limits, seconds }: CellRun): ReportCell => ({
  row: formatPluginSpec(cell.spec.strategy),
  column: formatPluginSpec(cell.spec.guest),
  result,
  seconds,
  bounds: boundsLines(cell, machine, limits),
  properties: machine.properties,
  symbols: machine.use('guest').symbols,
  tell: ({ schedule }) => timeline(machine, schedule, { changes: true }),
});
