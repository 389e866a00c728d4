import { FAIRNESS, type Mode, underFairness } from '@checkstop/explorer';
import { type CellSpec, prepareCell } from '../cell.ts';
import { type CellRun, runCell } from '../run-cell.ts';
import { cellOf } from './cells.fixture.ts';

/** What a cell is decided under, beside its strategy and guest. */
export interface Setting {
  /** Who gets the Big QEMU Lock. */
  readonly bql?: 'unfair' | 'fifo';
  /** Who gets the interlock. */
  readonly handOff?: 'barging' | 'fifo';
  readonly checks?: CellSpec['checks']['perVcpu'];
  readonly vcpus?: number;
  readonly mode?: Mode;
}

/** Searches a cell, and decides liveness. */
export async function live(
  strategy: string,
  guest: string,
  { bql = 'unfair', handOff = 'barging', checks = 1, vcpus = 2, mode = 'reduced' }: Setting = {},
): Promise<CellRun> {
  const { spec } = await cellOf(strategy, guest, { handOff });
  const hypervisor = { name: 'qemu', options: { bql } };
  const cell = await prepareCell({ ...spec, hypervisor, vcpus, checks: { perVcpu: checks } });
  return runCell(cell, { liveness: true, mode, fifoLocks: false });
}

/** `progress` under none, weak and strong fairness. */
export const progress = ({ result }: CellRun): string[] => {
  const profiles = underFairness(result, 'progress');
  return FAIRNESS.map((fairness) => profiles?.[fairness].verdict ?? 'not decided');
};

/** Strategy, then `progress` under no, weak and strong fairness, and under weak fairness with a FIFO lock: one check on each vCPU. */
export const ONE_CHECK = [
  ['hcall-hold', 'violated', 'violated', 'violated', 'violated'],
  ['hcall-busy', 'violated', 'violated', 'holds', 'holds'],
  ['hcall-wait', 'holds', 'holds', 'holds', 'holds'],
  ['illegal-instruction', 'violated', 'violated', 'holds', 'holds'],
  ['direct-exit', 'holds', 'holds', 'holds', 'holds'],
] as const;

/** Strategy, then `progress` under weak fairness with a FIFO lock where checks strike for ever: by who gets the interlock, whoever asks first or longest. */
export const FOR_EVER = [
  ['hcall-hold', 'violated', 'violated'],
  ['hcall-busy', 'violated', 'holds'],
  ['hcall-wait', 'violated', 'holds'],
  ['illegal-instruction', 'violated', 'holds'],
  ['direct-exit', 'violated', 'holds'],
] as const;
