import { FAIRNESS, type Mode, underFairness } from '@checkstop/explorer';
import { prepareCell } from '../cell.ts';
import { type CellRun, runCell } from '../run-cell.ts';
import { cellOf } from './cells.fixture.ts';

/** Searches a cell whose Big QEMU Lock is taken in this order, and decides liveness. */
export async function live(
  strategy: string,
  guest: string,
  bql: 'unfair' | 'fifo',
  mode: Mode = 'reduced',
): Promise<CellRun> {
  const { spec } = await cellOf(strategy, guest);
  const cell = await prepareCell({ ...spec, hypervisor: { name: 'qemu', options: { bql } } });
  return runCell(cell, { liveness: true, mode });
}

/** `progress` under none, weak and strong fairness. */
export const progress = ({ result }: CellRun): string[] => {
  const profiles = underFairness(result, 'progress');
  return FAIRNESS.map((fairness) => profiles?.[fairness].verdict ?? 'not decided');
};
