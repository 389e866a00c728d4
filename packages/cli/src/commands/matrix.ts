import { cellSpec, machineArgs, names, searchArgs, searchOptions } from '../args.ts';
import { comparedByDefault } from '../catalogue.ts';
import { catalogueOf } from '../cell.ts';
import { command } from '../command.ts';
import { complain } from '../complaint.ts';
import { configInput, loadConfig } from '../config.ts';
import type { ExitCode } from '../exit-code.ts';
import { runMatrix } from '../matrix.ts';
import { MatrixPrinter } from '../matrix-printer.ts';
import { mutantArgs, mutantOptions } from '../mutant-report.ts';
import { exitCodeOf } from '../report.ts';
import { reportArgs, reportFiles, searchedReports } from '../report-files.ts';
import { workersArg, workersOf } from '../workers/args.ts';

/** `checkstop matrix`: strategies times guests. */
export const matrix = command({
  name: 'matrix',
  description: 'Search every strategy with every guest, and print the verdicts as a table',
  args: {
    strategies: {
      type: 'string',
      valueHint: 'names',
      description: 'Strategies, separated by blanks; by default the five, and those of the configuration',
    },
    guests: { type: 'string', valueHint: 'names', description: 'Guests, separated by blanks; by default all' },
    ...machineArgs,
    ...searchArgs,
    ...mutantArgs,
    ...workersArg,
    ...reportArgs,
  },
  examples: [
    ['checkstop matrix', 'all strategies with all guests'],
    ['checkstop matrix --json verdicts.json --profile sprg2=shared', 'the same where SPRG2 is shared, kept in a file'],
    ['checkstop matrix --fairness weak', 'which of them deliver every check in the end; exit code 1 if one does not'],
    ['checkstop matrix --require-mutants', 'which mistakes the green cells would have shown; exit code 1 if one hid'],
    ['checkstop matrix --junit cells.xml', 'for continuous integration: a test case for each cell'],
    [
      "checkstop matrix --strategies 'direct-exit ./mine.ts' --guests guest-linux",
      'one of your own beside one of ours',
    ],
  ],
  async run(args, outer) {
    const { io, write } = reportFiles(outer, args, [configInput(outer.cwd, args.config)]);
    const config = await loadConfig(io.cwd, args.config);
    const catalogue = catalogueOf(config);
    const strategies = args.strategies
      ? names('strategies', args.strategies)
      : (config.matrix?.strategies ?? comparedByDefault(catalogue));
    const guests = args.guests ? names('guests', args.guests) : (config.matrix?.guests ?? Object.keys(catalogue.guest));
    const specs = strategies.flatMap((strategy) => guests.map((guest) => cellSpec(strategy, guest, args)));
    const search = searchOptions(args);
    const printer = new MatrixPrinter(io, search.limits, args.progress === true);
    const failures: unknown[] = [];
    const runs = await runMatrix(specs, {
      ...search,
      ...mutantOptions(args),
      config,
      cwd: io.cwd,
      interrupted: io.interrupted,
      workers: workersOf(args),
      ...printer.hooks,
      onFailure(spec, error) {
        printer.noVerdict(spec);
        failures.push(error);
      },
    });
    printer.table(runs);
    write(searchedReports(runs));
    const codes = distinct(failures).map((error) => complain(error, io));
    return codes.length > 0 ? (Math.max(...codes) as ExitCode) : exitCodeOf(runs);
  },
});

/** What failed for the same reason in every cell is said once. */
const distinct = (failures: readonly unknown[]): unknown[] => [
  ...new Map(failures.map((error) => [error instanceof Error ? error.message : error, error])).values(),
];
