import { CheckstopError } from '@checkstop/kernel';
import { cellSpec, machineArgs, names, partArgs, searchArgs, searchOptions } from '../args.ts';
import { boundsLines, boundsText } from '../bounds.ts';
import { prepareCell } from '../cell.ts';
import { command } from '../command.ts';
import { configInput, loadConfig } from '../config.ts';
import { EXIT } from '../exit-code.ts';
import { explainCell } from '../explain.ts';
import { explanationReport, explanationText, stepName } from '../explanation.ts';
import { CHANGED_PARTS, type ChangedPart } from '../neighbours.ts';
import { outputFiles } from '../output-files.ts';
import { bigintText } from '../plugin-spec.ts';
import { ProgressLine } from '../progress.ts';
import { exitCodeOf } from '../report.ts';

// Liveness is part of what a step is judged by under the profile that is demanded, and under no other.
const { liveness: _, ...judgedArgs } = searchArgs;

/** `checkstop explain`: a verdict in words, and what it hangs on. */
export const explain = command({
  name: 'explain',
  description: 'Say in words why one strategy and one guest hold or break, and which single change turns the verdict',
  args: {
    ...partArgs,
    ...machineArgs,
    ...judgedArgs,
    vary: {
      type: 'string',
      valueHint: 'parts',
      description: `Change only these, separated by blanks; by default ${CHANGED_PARTS.join(', ')}`,
    },
    json: {
      type: 'string',
      valueHint: 'file',
      description: 'Write checkstop.explanation/1 there; - is standard output',
    },
  },
  examples: [
    ['checkstop explain hcall-busy guest-other-os', 'who destroys SPRG2, and what would save it'],
    ['checkstop explain direct-exit guest-linux', 'what a cell that holds hangs on'],
    ['checkstop explain hcall-busy guest-linux --fairness weak', 'what ends the starving'],
    [
      'checkstop explain delivery:notification=hcall,waiting=hold guest-linux',
      'which axis of a delivery ends its deadlock',
    ],
  ],
  async run(args, outer) {
    const { io, write } = outputFiles(outer, { json: args.json }, [configInput(outer.cwd, args.config)]);
    const config = await loadConfig(io.cwd, args.config);
    const cell = await prepareCell(cellSpec(args.strategy, args.guest, args), config, io.cwd);
    const vary = args.vary === undefined ? CHANGED_PARTS : names('vary', args.vary).map(changedPart);
    const progress = new ProgressLine(io, args.progress === true);
    let what = args.strategy;
    const search = searchOptions({ ...args, liveness: undefined });
    const explanation = await explainCell(cell, {
      ...search,
      ...{ config, cwd: io.cwd, vary },
      interrupted: io.interrupted,
      onStart: (started, machine, mode) =>
        io.out(`${boundsText(boundsLines(started, machine, search.limits, mode), io.columns)}\n\n`),
      onNeighbour: (neighbour, done, of) => {
        what = `${done + 1} of ${of}: ${stepName(neighbour)}`;
      },
      onProgress: (...told) => progress.tell(what, ...told),
    });
    progress.clear();
    io.out(explanationText(explanation, io));
    write('json', `${JSON.stringify(explanationReport(explanation), bigintText, 2)}\n`);
    const code = exitCodeOf([explanation.run]);
    return code === EXIT.holds && explanation.left > 0 ? EXIT.incomplete : code;
  },
});

function changedPart(text: string): ChangedPart {
  const found = CHANGED_PARTS.find((part) => part === text);
  if (found) return found;
  throw new CheckstopError('CLI_BAD_ARGUMENT', `'--vary ${text}': expected some of ${CHANGED_PARTS.join(', ')}.`, {
    text,
  });
}
