import { cellSpec, machineArgs, partArgs, searchArgs, searchOptions } from '../args.ts';
import { boundsLines } from '../bounds.ts';
import { prepareCell } from '../cell.ts';
import { command } from '../command.ts';
import { loadConfig } from '../config.ts';
import { coverageText } from '../coverage.ts';
import { mutantArgs, mutantLines, mutantOptions } from '../mutant-report.ts';
import { withMutants } from '../mutants.ts';
import { ProgressLine } from '../progress.ts';
import { effortText, exitCodeOf, incompleteText, verdictText } from '../report.ts';
import { reportArgs, reportFiles, searchedReports } from '../report-files.ts';
import { runCell } from '../run-cell.ts';
import { lassoText, violationText, witnessText } from '../story.ts';

/** `checkstop explore`: one cell, in full. */
export const explore = command({
  name: 'explore',
  description: 'Search every interleaving of one strategy and one guest, and tell how it breaks or why not',
  args: {
    ...partArgs,
    ...machineArgs,
    ...searchArgs,
    ...mutantArgs,
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
    ['checkstop explore ./mine.ts guest-linux --mutants', 'see what mistakes the test would have found'],
  ],
  async run(args, outer) {
    const { io, write } = reportFiles(outer, args);
    const config = await loadConfig(io.cwd, args.config);
    const { mutant } = args;
    const spec = { ...cellSpec(args.strategy, args.guest, args), ...(mutant !== undefined && { mutant }) };
    const progress = new ProgressLine(io, args.progress === true);
    const search = searchOptions(args);
    const searched = await runCell(await prepareCell(spec, config, io.cwd), {
      ...search,
      interrupted: io.interrupted,
      onStart: (cell, machine) => io.out(`${boundsLines(cell, machine, search.limits).join('\n')}\n\n`),
      onProgress: (...told) => progress.tell(args.strategy, ...told),
    });
    const { mutants, mutantsRequired } = mutantOptions(args);
    const run = mutants
      ? await withMutants(searched, {
          required: mutantsRequired,
          interrupted: io.interrupted,
          onProgress: (...told) => progress.tell(...told),
        })
      : searched;
    progress.clear();
    const { result, machine } = run;
    io.out(`${verdictText(run, io.colors)}: ${effortText(run)}\n`);
    const incomplete = incompleteText(run);
    if (incomplete) io.out(`${incomplete}\n`);
    for (const line of mutantLines(run, io.colors)) io.out(`${line}\n`);
    for (const violation of result.violations) io.out(`\n${violationText(machine, violation, io, run.cell)}`);
    for (const lasso of result.lassos ?? []) io.out(`\n${lassoText(machine, lasso, io, run.cell)}`);
    if (result.verdict === 'vacuous') io.out(`\nNever reached: ${result.goals.missing.join(', ')}\n`);
    if (result.witness) io.out(`\n${witnessText(machine, result.witness, io, run.cell)}`);
    io.out(`\n${coverageText(run)}`);
    write(searchedReports([run]));
    return exitCodeOf([run]);
  },
});
