import { type Cell, type CellSpec, prepareCell } from '../cell.ts';
import { parsePluginSpec } from '../plugin-spec.ts';
import { type CellRun, type RunOptions, runCell } from '../run-cell.ts';

const STRATEGIES = ['hcall-hold', 'hcall-busy', 'hcall-wait', 'illegal-instruction', 'direct-exit'];
const GUESTS = ['guest-linux', 'guest-other-os'];

/** Every cell of the default matrix: brief guests, two vCPUs, one check on each. */
export const CELLS = STRATEGIES.flatMap((strategy) => GUESTS.map((guest) => [strategy, guest] as const));

/** Those of them in which nothing is wrong. */
export const GREEN = CELLS.filter(
  ([strategy, guest]) => strategy !== 'hcall-hold' && (guest === 'guest-linux' || !strategy.startsWith('hcall')),
);

export const cellOf = (
  strategy: string,
  guest: string,
  profile: Record<string, unknown> = {},
  more: Partial<Pick<CellSpec, 'vcpus' | 'checks'>> = {},
): Promise<Cell> =>
  prepareCell({
    strategy: parsePluginSpec(strategy),
    guest: parsePluginSpec(guest),
    hypervisor: { name: 'qemu', options: {} },
    vcpus: 2,
    profile,
    checks: { perVcpu: 1 },
    ...more,
  });

export const search = async (strategy: string, guest: string, options?: RunOptions): Promise<CellRun> =>
  runCell(await cellOf(strategy, guest), options);

/** Names of the violated properties, each once, in alphabetical order. */
export const violated = ({ result }: CellRun): string[] =>
  [...new Set(result.violations.map(({ property }) => property))].sort();

/** All that a mode may not change. */
export const told = ({ result: { verdict, complete, violations, goals } }: CellRun) => ({
  verdict,
  complete,
  goals,
  violations: violations.map(({ property, faults, preemptions, steps, shortest }) => ({
    property,
    faults,
    preemptions,
    steps,
    shortest,
  })),
});
