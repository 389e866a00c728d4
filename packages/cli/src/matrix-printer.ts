import type { Limits } from '@checkstop/explorer';
import { boundsLines, boundsText } from './bounds.ts';
import type { CellSpec } from './cell.ts';
import type { Io } from './io.ts';
import type { MatrixOptions } from './matrix.ts';
import { mutantLines } from './mutant-report.ts';
import { formatPluginSpec } from './plugin-spec.ts';
import { ProgressLine } from './progress.ts';
import { effortText, incompleteText, verdictText } from './report.ts';
import type { CellRun } from './run-cell.ts';
import { formatTable } from './table.ts';

/** Prints a matrix while it is searched: the bounds first, a line for each cell when it is done, the table at the end. */
export class MatrixPrinter {
  /** What `runMatrix` calls. */
  readonly hooks: Pick<MatrixOptions, 'onStart' | 'onProgress' | 'onCell'>;
  private readonly said = new Set<string>();
  private readonly progress: ProgressLine;

  constructor(
    private readonly io: Io,
    limits: Limits,
    progressAsked: boolean,
  ) {
    const progress = new ProgressLine(io, progressAsked);
    this.progress = progress;
    this.hooks = {
      onStart: (cell, machine, mode) => {
        for (const line of boundsLines(cell, machine, limits, mode)) {
          if (!this.said.has(line)) io.out(`${boundsText([line], io.columns)}\n`);
          this.said.add(line);
        }
      },
      onProgress: (spec, ...told) => progress.tell(nameOf(spec), ...told),
      onCell: (run) => {
        progress.clear();
        io.out(`${nameOf(run.cell.spec).padEnd(40)} ${verdictText(run, io.colors)}: ${effortText(run)}\n`);
        for (const line of mutantLines(run, io.colors)) io.out(`    ${line}\n`);
      },
    };
  }

  /** A cell could not be searched. */
  noVerdict(spec: CellSpec): void {
    this.progress.clear();
    this.io.out(`${nameOf(spec).padEnd(40)} no verdict\n`);
  }

  /** Prints the verdicts as strategies by guests. */
  table(runs: readonly CellRun[]): void {
    const { colors, out } = this.io;
    const column = ({ guest }: CellSpec): string => formatPluginSpec(guest);
    const line = ({ strategy }: CellSpec): string => formatPluginSpec(strategy);
    const guests = [...new Set(runs.map(({ cell }) => column(cell.spec)))];
    const strategies = [...new Set(runs.map(({ cell }) => line(cell.spec)))];
    const rows = strategies.map((strategy) => [
      colors.bold(strategy),
      ...guests.map((guest) => {
        const run = runs.find(({ cell: { spec } }) => line(spec) === strategy && column(spec) === guest);
        return run ? verdictText(run, colors) : '';
      }),
    ]);
    out(`\n${formatTable([['', ...guests.map((guest) => colors.bold(guest))], ...rows])}\n`);
    for (const text of new Set(runs.flatMap((run) => incompleteText(run) ?? []))) out(`${text}\n`);
  }
}

const nameOf = ({ strategy, guest, mutant }: CellSpec): string =>
  `${formatPluginSpec(strategy)} x ${formatPluginSpec(guest)}${mutant === undefined ? '' : ` with ${mutant}`}`;
