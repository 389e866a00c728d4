import { FAIRNESS, underFairness } from '@checkstop/explorer';
import { expect, it } from 'vitest';
import { runCell } from '../run-cell.ts';
import { told } from './cells.fixture.ts';
import { expectAsSaid } from './guide.fixture.ts';
import { slow, stoppedCell } from './migration.fixture.ts';

it.each(slow)('%s', (_command, cell) => expectAsSaid(cell), 600_000);

it('a delayed migration may wait for a vCPU that is told to try again for ever', async () => {
  const cell = await stoppedCell('hcall-busy', { migration: { policy: 'delayed' } });
  const profiles = underFairness((await runCell(cell, { liveness: true })).result, 'migrationProgress');
  expect(FAIRNESS.map((fairness) => profiles?.[fairness].verdict)).toEqual(['violated', 'violated', 'holds']);
}, 600_000);

it.each([
  ['migration, whatever is in flight', 'hcall-wait', { migration: { policy: 'carried' } }],
  ['a migration that waits', 'direct-exit', { migration: { policy: 'delayed' } }],
  ['a reset', 'direct-exit', { machineReset: {} }],
] as const)(
  '%s: no reduction changes a verdict',
  async (_what, strategy, more) => {
    const reduced = await runCell(await stoppedCell(strategy, more));
    const unreduced = await runCell(await stoppedCell(strategy, more), { mode: 'unreduced' });
    expect(told(reduced)).toEqual(told(unreduced));
  },
  900_000,
);
