import { CheckstopError } from '@checkstop/kernel';
import { cellSpec, machineArgs, partArgs } from '../args.ts';
import { boundsLines, boundsText } from '../bounds.ts';
import { prepareCell } from '../cell.ts';
import { command } from '../command.ts';
import { configInput, loadConfig } from '../config.ts';
import { coverageText } from '../coverage.ts';
import { EXIT } from '../exit-code.ts';
import { wholeNumber } from '../numbers.ts';
import { ProgressLine } from '../progress.ts';
import { reportArgs, reportFiles, sampledReports } from '../report-files.ts';
import { runSample } from '../run-sample.ts';
import { type Sampled, sampledText, sampledViolationText, samplingLines } from '../sampled.ts';

/** `checkstop sample`: many runs of one cell, for what is too large to be explored. */
export const sample = command({
  name: 'sample',
  description: 'Take many runs of one strategy and one guest, where there are too many to explore them all',
  args: {
    ...partArgs,
    ...machineArgs,
    seed: {
      type: 'string',
      default: '1',
      valueHint: 'n',
      description: 'Of the first run; each later run has the next',
    },
    runs: { type: 'string', default: '1000', valueHint: 'n', description: 'Runs at most' },
    scheduler: {
      type: 'string',
      default: 'random',
      valueHint: 'name',
      description: 'random, pct (priorities that change a few times), or round-robin',
    },
    depth: {
      type: 'string',
      default: '3',
      valueHint: 'n',
      description: 'Of pct: orderings between vCPUs that a bug needs',
    },
    all: { type: 'boolean', description: 'Go on after the first violation, until each property was seen violated' },
    steps: { type: 'string', default: '20000', valueHint: 'n', description: 'Steps of one run at most' },
    'max-replays': {
      type: 'string',
      default: '500',
      valueHint: 'n',
      description: 'Replays to make a run that was found smaller; 0 leaves it as it is',
    },
    'max-seconds': {
      type: 'string',
      valueHint: 'n',
      description: 'Give up after so many seconds; by default there is no limit of time',
    },
    progress: { type: 'boolean', description: 'Print progress although standard error is no terminal' },
    ...reportArgs,
    json: { ...reportArgs.json, description: 'Write checkstop.sample/1 there; - is standard output' },
  },
  examples: [
    ['checkstop sample hcall-hold guest-linux --vcpus 8 --full', 'find the deadlock among eight vCPUs of a full guest'],
    ['checkstop sample hcall-busy guest-linux:testRi=false --all', 'find everything that breaks'],
    [
      'checkstop sample ./mine.ts guest-linux --vcpus 8 --runs 100000 --max-seconds 60',
      'try one of yours for a minute',
    ],
  ],
  async run(args, outer, given) {
    const { io, write } = reportFiles(outer, args, [configInput(outer.cwd, args.config)]);
    const spec = cellSpec(args.strategy, args.guest, args);
    const sampled: Sampled = {
      seed: wholeNumber('seed', args.seed, 0, 0xffff_ffff),
      scheduler: schedulerOf(args.scheduler),
      depth: wholeNumber('depth', args.depth, 1, 100),
      runs: wholeNumber('runs', args.runs, 1, 1e9),
      maxSteps: wholeNumber('steps', args.steps, 1, 1e6),
      maxReplays: wholeNumber('max-replays', args['max-replays'], 0, 1e6),
      each: args.all === true,
      ...(args['max-seconds'] !== undefined && {
        milliseconds: 1000 * wholeNumber('max-seconds', args['max-seconds'], 1, 1e9),
      }),
    };
    if (given.has('depth') && args.scheduler !== 'pct')
      throw new CheckstopError(
        'CLI_CONTRADICTION',
        "'--depth' is for '--scheduler pct' alone; leave it out, or say that.",
      );
    const cell = await prepareCell(spec, await loadConfig(io.cwd, args.config), io.cwd);
    const progress = new ProgressLine(io, args.progress === true);
    io.out(`${samplingLines(sampled).join('\n')}\n`);
    const run = await runSample(cell, {
      ...sampled,
      interrupted: io.interrupted,
      onStart: (cell, machine) => io.out(`${boundsText(boundsLines(cell, machine), io.columns)}\n\n`),
      onProgress: (...told) => progress.tellRuns(args.strategy, ...told),
    });
    progress.clear();
    io.out(sampledText(run, io));
    const { machine, result } = run;
    for (const violation of result.violations) io.out(`\n${sampledViolationText(run, violation, io)}`);
    const { coverage, steps: transitions } = result;
    io.out(`\n${coverageText({ machine, result: { coverage, transitions, complete: false } })}`);
    write(sampledReports(run, sampled));
    return result.verdict === 'violated' ? EXIT.violated : EXIT.incomplete;
  },
});

const SCHEDULERS = ['pct', 'random', 'round-robin'] as const;

function schedulerOf(text: string): (typeof SCHEDULERS)[number] {
  const found = SCHEDULERS.find((name) => name === text);
  if (found) return found;
  throw new CheckstopError('CLI_BAD_ARGUMENT', `'--scheduler ${text}': expected one of ${SCHEDULERS.join(', ')}.`, {
    text,
  });
}
