import { describe, expect, it } from 'vitest';
import { prepareCell } from '../cell.ts';
import { type CellRun, runCell } from '../run-cell.ts';
import { cellOf, violated } from './cells.fixture.ts';

/** Two vCPUs, a check on each, and calls that destroy all that they may. */
async function poisoned(strategy: string, guest: string): Promise<CellRun> {
  const { spec } = await cellOf(strategy, guest);
  return runCell(await prepareCell({ ...spec, hypervisor: { name: 'qemu', options: { poison: true } } }));
}

describe.each(['guest-linux', 'guest-other-os'])('%s under calls that destroy all that they may', (guest) => {
  it.each(['hcall-busy', 'direct-exit'])(
    '%s: the full build survives',
    async (strategy) => {
      const sprg2 = guest === 'guest-other-os' ? ',sprg2=prologue' : '';
      const { result } = await poisoned(strategy, `${guest}:build=full${sprg2}`);
      expect(result).toMatchObject({ verdict: 'holds', complete: true, goals: { missing: [] } });
    },
    60_000,
  );

  it('the brief one need not, and does not', async () => {
    expect(violated(await poisoned('direct-exit', guest))).toContain('resumeContext');
  });
});
