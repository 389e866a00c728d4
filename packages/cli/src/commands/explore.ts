import { CheckstopError } from '@checkstop/kernel';
import { cellSpec, machineArgs, partArgs, searchArgs, searchOptions } from '../args.ts';
import { boundsLines, boundsText } from '../bounds.ts';
import { type CellSpec, prepareCell } from '../cell.ts';
import { command } from '../command.ts';
import { complain } from '../complaint.ts';
import { configInput, loadConfig } from '../config.ts';
import { coverageText } from '../coverage.ts';
import { mutantArgs, mutantLines, mutantOptions } from '../mutant-report.ts';
import { withMutants } from '../mutants.ts';
import { formatPluginSpec } from '../plugin-spec.ts';
import { ProgressLine } from '../progress.ts';
import { effortText, exitCodeOf, incompleteText, verdictText } from '../report.ts';
import { reportArgs, reportFiles, searchedReports } from '../report-files.ts';
import { runCell } from '../run-cell.ts';
import { inFile, readSavedSearch, savedArgs, saveFile } from '../saved-search.ts';
import { fifoLocksText, lassoText, resumeLine, violationText, witnessText } from '../story.ts';
import { workersArg, workersOf } from '../workers/args.ts';
import { mutantsElsewhere, poolOf } from '../workers/pool.ts';

/** `checkstop explore`: one cell, in full. */
export const explore = command({
  name: 'explore',
  description: 'Search every interleaving of one strategy and one guest, and tell how it breaks or why not',
  args: {
    strategy: { ...partArgs.strategy, required: false },
    guest: { ...partArgs.guest, required: false },
    ...machineArgs,
    ...searchArgs,
    ...savedArgs,
    ...mutantArgs,
    ...workersArg,
    mutant: {
      type: 'string',
      valueHint: 'name',
      description: 'Put this deliberate mistake in, and see how it is seen',
    },
    ...reportArgs,
  },
  examples: [
    ['checkstop explore hcall-hold guest-linux', 'find the deadlock'],
    ['checkstop explore hcall-busy guest-linux:testRi=false', 'see what the test of RI is for'],
    ['checkstop explore hcall-busy guest-linux --liveness', 'see how one vCPU can keep another from its handler'],
    ['checkstop explore ./mine.ts guest-linux --max-seconds 60', 'put a strategy of your own to the test'],
    ['checkstop explore hcall-wait guest-linux --vcpus 5 --save search.bin', 'keep the search if Ctrl-C ends it'],
    ['checkstop explore --resume search.bin', 'go on with it'],
    ['checkstop explore ./mine.ts guest-linux --mutants', 'see what mistakes the test would have found'],
  ],
  async run(args, outer, given) {
    const { io, write } = reportFiles(
      outer,
      args,
      [
        configInput(outer.cwd, args.config),
        { what: 'the search to go on with', file: args.resume, replacedBy: 'save' },
      ],
      { save: args.save },
    );
    const config = await loadConfig(io.cwd, args.config);
    const { resume } = args;
    const save = saveFile(io, args.save);
    const saved = resume === undefined ? undefined : readSavedSearch({ ...args, resume }, given, config, io);
    const spec = saved?.spec ?? givenCell(args);
    const progress = new ProgressLine(io, args.progress === true);
    const search = searchOptions(args);
    const { mutants, mutantsRequired } = mutantOptions(args);
    const workers = workersOf(args);
    let isKept = false;
    let unsaved: unknown;
    const searched = await runCell(await prepareCell(spec, config, io.cwd), {
      ...search,
      ...(saved && { resume: saved.bytes }),
      ...(save && {
        onCut: (bytes) => {
          try {
            save(bytes);
            isKept = true;
          } catch (error) {
            unsaved = error;
          }
        },
      }),
      interrupted: io.interrupted,
      onStart: (cell, machine, mode) =>
        io.out(`${boundsText(boundsLines(cell, machine, search.limits, mode), io.columns)}\n\n`),
      onProgress: (...told) => progress.tell(formatPluginSpec(spec.strategy), ...told),
    }).catch((error) => {
      throw resume === undefined ? error : inFile(resume, error);
    });
    const pool = mutants ? poolOf(config, io.cwd, workers, io.interrupted) : undefined;
    const elsewhere = pool && mutantsElsewhere(pool, spec, (...told) => progress.tell(...told));
    const run = mutants
      ? await withMutants(searched, {
          required: mutantsRequired,
          interrupted: io.interrupted,
          onProgress: (...told) => progress.tell(...told),
          ...(elsewhere && { elsewhere }),
        }).finally(() => pool?.close())
      : searched;
    progress.clear();
    const { result, machine } = run;
    io.out(`${verdictText(run, io.colors)}: ${effortText(run)}\n`);
    const incomplete = incompleteText(run);
    if (incomplete) io.out(`${incomplete}\n`);
    if (isKept && args.save !== undefined) io.out(`It is kept: ${resumeLine(args.save, run.cell)}\n`);
    for (const line of mutantLines(run, io.colors)) io.out(`${line}\n`);
    for (const violation of result.violations) io.out(`\n${violationText(machine, violation, io, run.cell)}`);
    for (const lasso of result.lassos ?? []) io.out(`\n${lassoText(machine, lasso, io, run.cell)}`);
    if (run.fifoLocks) io.out(fifoLocksText(run.fifoLocks, io));
    if (result.verdict === 'vacuous') io.out(`\nNever reached: ${result.goals.missing.join(', ')}\n`);
    if (result.witness) io.out(`\n${witnessText(machine, result.witness, io, run.cell)}`);
    io.out(`\n${coverageText(run)}`);
    const failed = unsaved === undefined ? undefined : complain(unsaved, io);
    write(searchedReports([run]));
    return failed ?? exitCodeOf([run]);
  },
});

/** The cell that the command line says. @throws CheckstopError CLI_BAD_ARGUMENT and those of cellSpec */
function givenCell({
  strategy,
  guest,
  mutant,
  ...machine
}: Parameters<typeof cellSpec>[2] & Record<'strategy' | 'guest' | 'mutant', string | undefined>): CellSpec {
  if (strategy === undefined || guest === undefined)
    throw new CheckstopError(
      'CLI_BAD_ARGUMENT',
      `Missing required positional argument: ${strategy === undefined ? 'STRATEGY' : 'GUEST'}; see 'checkstop explore --help'.`,
    );
  return { ...cellSpec(strategy, guest, machine), ...(mutant !== undefined && { mutant }) };
}
