import { defineCommand, runMain } from 'citty';
import { benchExplore, parseSizes } from './explore.ts';
import { type Report, writeReport } from './report.ts';
import { benchSample } from './sample.ts';

const finish = (result: Report, json: string | undefined): void => {
  const mean =
    result.geomean === null ? 'no peer to compare with' : `${result.geomean.toFixed(2)}x (above 1: we are ahead)`;
  console.log(`\ngeometric mean: ${mean}`);
  if (json !== undefined) writeReport(json, result);
};

const explore = defineCommand({
  meta: { name: 'explore', description: 'Time to verdict, beside SPIN on Promela models' },
  args: {
    json: { type: 'string', valueHint: 'file', description: 'Write checkstop.bench/1 there' },
    runs: { type: 'string', default: '3', description: 'Runs of each; medians are reported' },
    sizes: {
      type: 'string',
      default: '2x1,3x1',
      valueHint: 'NxC,...',
      description: 'vCPUs and machine checks on each; 4x1 and 3x2 take the peer minutes',
    },
  },
  run: ({ args: { json, runs, sizes } }) =>
    finish(benchExplore({ runs: Number(runs), sizes: parseSizes(sizes) }, console.log), json),
});

const sample = defineCommand({
  meta: { name: 'sample', description: 'Runs until a violation is found: a random vCPU at each step, beside PCT' },
  args: {
    json: { type: 'string', valueHint: 'file', description: 'Write checkstop.bench/1 there' },
    seeds: { type: 'string', default: '20', description: 'Seeds; medians are reported' },
    runs: { type: 'string', default: '1000', description: 'Runs of each at most' },
  },
  run: async ({ args: { json, seeds, runs } }) =>
    finish(await benchSample({ seeds: Number(seeds), runs: Number(runs) }, console.log), json),
});

await runMain(
  defineCommand({
    meta: { name: 'bench', description: 'How fast we are, and beside whom' },
    subCommands: { explore, sample },
  }),
);
