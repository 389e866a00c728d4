import {
  type Command,
  command,
  complain,
  EXIT,
  type ExitCode,
  findCommand,
  type Io,
  outputFiles,
  runCommand,
  wholeNumber,
} from '@checkstop/cli';
import { benchExplore, parseSizes } from './explore.ts';
import type { Report } from './report.ts';
import { benchSample } from './sample.ts';

const json = {
  type: 'string',
  valueHint: 'file',
  description: 'Write checkstop.bench/1 there; - is standard output',
} as const;

/** Runs a benchmark whose report goes to the file that was asked for, if it can be written. */
async function measure(
  outer: Io,
  file: string | undefined,
  run: (out: (line: string) => void) => Report | Promise<Report>,
): Promise<ExitCode> {
  const { io, write } = outputFiles(outer, { json: file });
  const result = await run((line) => io.out(`${line}\n`));
  const mean =
    result.geomean === null ? 'no peer to compare with' : `${result.geomean.toFixed(2)}x (above 1: we are ahead)`;
  io.out(`\ngeometric mean: ${mean}\n`);
  write('json', `${JSON.stringify(result, null, 2)}\n`);
  return EXIT.holds;
}

const explore = command({
  name: 'explore',
  line: 'npm run bench -- explore',
  description: 'Time to verdict, beside SPIN on Promela models',
  args: {
    json,
    runs: { type: 'string', default: '5', valueHint: 'n', description: 'Runs of each; medians are reported' },
    sizes: {
      type: 'string',
      default: '2x1,3x1',
      valueHint: 'NxC,...',
      description: 'vCPUs and machine checks on each; 4x1 and 3x2 take the peer minutes',
    },
  },
  examples: [['npm run bench -- explore --sizes 2x1 --runs 1', 'the smallest cells, once each']],
  run: (args, io) => {
    const options = { runs: wholeNumber('runs', args.runs, 1, 1000), sizes: parseSizes(args.sizes) };
    return measure(io, args.json, (out) => benchExplore(options, out));
  },
});

const sample = command({
  name: 'sample',
  line: 'npm run bench -- sample',
  description: 'Runs until a violation is found: a random vCPU at each step, beside PCT',
  args: {
    json,
    seeds: { type: 'string', default: '20', valueHint: 'n', description: 'Seeds; medians are reported' },
    runs: { type: 'string', default: '1000', valueHint: 'n', description: 'Runs of each at most' },
  },
  examples: [['npm run bench -- sample --json sample.json', 'all of it, kept in a file']],
  run: (args, io) => {
    const options = { seeds: wholeNumber('seeds', args.seeds, 1, 1e6), runs: wholeNumber('runs', args.runs, 1, 1e9) };
    return measure(io, args.json, (out) => benchSample(options, out));
  },
});

const benchmarks: readonly Command[] = [explore, sample];

/** `npm run bench -- NAME`: how fast we are, and beside whom. */
export async function bench([name, ...rest]: readonly string[], io: Io): Promise<ExitCode> {
  try {
    if (name !== undefined && !HELP.includes(name)) return await runCommand(findCommand(benchmarks, name), rest, io);
    const list = benchmarks.map(({ name, description }) => `  ${name.padEnd(8)} ${description}\n`);
    const usage = `USAGE npm run bench -- NAME [OPTIONS]\n\n${list.join('')}\n--help behind a name says more.\n`;
    if (name === undefined) io.err(usage);
    else io.out(usage);
    return name === undefined ? EXIT.badInput : EXIT.holds;
  } catch (error) {
    return complain(error, io);
  }
}

const HELP = ['help', '--help', '-h'];
