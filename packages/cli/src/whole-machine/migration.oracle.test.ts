import { FAIRNESS, underFairness } from '@checkstop/explorer';
import { expect, it } from 'vitest';
import { runCell } from '../run-cell.ts';
import { told } from './cells.fixture.ts';
import { expectAsSaid } from './guide.fixture.ts';
import { slow, stoppedCell } from './migration.fixture.ts';

it.each(slow)('%s', (_command, cell) => expectAsSaid(cell), 600_000);

it.each([
  ['direct-exit', ['holds', 'holds', 'holds']],
  ['hcall-busy', ['violated', 'violated', 'holds']],
] as const)(
  '%s: whether a delayed migration takes place in the end',
  async (strategy, verdicts) => {
    const cell = await stoppedCell(strategy, { migration: { policy: 'delayed' } });
    const profiles = underFairness((await runCell(cell, { liveness: true })).result, 'migrationProgress');
    expect(FAIRNESS.map((fairness) => profiles?.[fairness].verdict)).toEqual(verdicts);
  },
  600_000,
);

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
