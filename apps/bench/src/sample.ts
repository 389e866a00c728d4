import { type CellSpec, parsePluginSpec, prepareCell, runSample } from '@checkstop/cli';
import { median, type Report, report, row } from './report.ts';

/** How much to run. */
export interface SampleBench {
  /** From how many seeds; medians are reported. */
  readonly seeds: number;
  /** Runs from each seed at most. */
  readonly runs: number;
}

/** What is looked for: each of these cells violates something, at every number of vCPUs. */
const CELLS: readonly (readonly [what: string, strategy: string, guest: string])[] = [
  ['deadlock', 'hcall-hold', 'guest-linux'],
  ['foreign log', 'direct-exit:interlock=none', 'guest-linux'],
  ['lost SRR0/1', 'hcall-busy', 'guest-linux:testRi=false'],
];
const VCPUS = [2, 4, 8];
const SCHEDULERS = ['random', 'pct'] as const;

/** Seeds lie that far apart, so that no run is counted twice. */
const APART = 100_000;

/**
 * Runs until the first violation, for guests in full: where a random vCPU takes each step, beside probabilistic concurrency testing
 * of depth 3. Both strike checks rather where none struck before.
 */
export async function benchSample({ seeds, runs }: SampleBench, out: (line: string) => void): Promise<Report> {
  out(
    `runs until the first violation, full guests, one check on each vCPU; median (least to most) of ${seeds} seeds\n`,
  );
  out(line('cell', 'random', 'pct, depth 3'));
  const rows = [];
  for (const [what, strategy, guest] of CELLS)
    for (const vcpus of VCPUS) {
      const found: Record<(typeof SCHEDULERS)[number], number[]> = { random: [], pct: [] };
      const cell = await prepareCell(specOf(strategy, guest, vcpus));
      for (const scheduler of SCHEDULERS)
        for (let i = 0; i < seeds; i++) {
          const { result } = await runSample(cell, { scheduler, runs, seed: 1 + i * APART, maxReplays: 0 });
          found[scheduler].push(result.verdict === 'violated' ? result.runs : Number.POSITIVE_INFINITY);
        }
      const name = `${what}: ${strategy} ${guest}, ${vcpus} vCPUs`;
      out(line(name, spread(found.random), spread(found.pct)));
      rows.push(row(name, median(found.random), median(found.pct), undefined, 'runs'));
    }
  return report(rows, 'pct, depth 3');
}

const specOf = (strategy: string, guest: string, vcpus: number): CellSpec => {
  const { name, options } = parsePluginSpec(guest);
  return {
    strategy: parsePluginSpec(strategy),
    guest: { name, options: { build: 'full', ...options } },
    hypervisor: { name: 'qemu', options: {} },
    vcpus,
    profile: {},
    checks: { perVcpu: 1 },
  };
};

const spread = (values: readonly number[]): string =>
  `${median(values)} (${Math.min(...values)} to ${Math.max(...values)})`;

const line = (name: string, ...cells: readonly string[]): string =>
  `${name.padEnd(62)}${cells.map((cell) => cell.padStart(18)).join('')}`;
