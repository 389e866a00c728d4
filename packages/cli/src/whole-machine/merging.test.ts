import { describe, expect, it } from 'vitest';
import { prepareCell } from '../cell.ts';
import { parsePluginSpec } from '../plugin-spec.ts';
import { type CellRun, runCell } from '../run-cell.ts';
import { cellOf, search, told } from './cells.fixture.ts';

describe('merging changes neither verdict nor counterexamples', () => {
  it.each([
    ['direct-exit', 'guest-linux'],
    ['hcall-wait', 'guest-other-os'],
    ['direct-exit', 'guest-linux:testRi=false'],
    ['hcall-busy:sample=report', 'guest-linux'],
    ['direct-exit:routine=injection', 'guest-linux:reregister=true'],
    // Here it is given up.
    ['hcall-wait:scratch=sprg1', 'guest-linux'],
  ])('%s x %s', async (strategy, guest) => {
    const [merged, folded] = [
      await search(strategy, guest, { mode: 'merged' }),
      await search(strategy, guest, { mode: 'closure' }),
    ];
    expect(told(merged)).toEqual(told(folded));
    expect(told(await search(strategy, guest))).toEqual(told(folded));
    if (merged.result.reductions.includes('merging')) expect(merged.result.states).toBeLessThan(folded.result.states);
  });
});

describe('which vCPU is which', () => {
  const three = async (strategy: string, guest: string, mode: 'reduced' | 'merged' = 'reduced'): Promise<CellRun> =>
    runCell(await cellOf(strategy, guest, {}, { vcpus: 3 }), { mode });

  it.each([
    ['hcall-hold', 'guest-linux'],
    ['direct-exit', 'guest-other-os'],
    ['direct-exit', 'guest-linux:testRi=false'],
  ])('is no matter for %s x %s', async (strategy, guest) => {
    const [symmetric, merged] = [await three(strategy, guest), await three(strategy, guest, 'merged')];
    expect(symmetric.result.reductions).toContain('symmetry');
    expect(merged.result.reductions).not.toContain('symmetry');
    expect(told(symmetric)).toEqual(told(merged));
    expect(symmetric.result.states).toBeLessThan(merged.result.states / 2);
  });
});

describe('what merging makes possible', () => {
  const wide = async (strategy: string, vcpus: number, perVcpu = 1): Promise<CellRun> =>
    runCell(
      await prepareCell({
        strategy: parsePluginSpec(strategy),
        guest: parsePluginSpec('guest-linux'),
        hypervisor: { name: 'qemu', options: {} },
        vcpus,
        profile: {},
        checks: { perVcpu },
      }),
    );

  it.each(['hcall-busy', 'hcall-wait', 'illegal-instruction', 'direct-exit'])(
    '%s holds with three vCPUs, in a thousandth of the states',
    async (strategy) => {
      const { result } = await wide(strategy, 3);
      expect(result).toMatchObject({
        verdict: 'holds',
        complete: true,
        reductions: ['closure', 'merging', 'symmetry'],
      });
      expect(result.goals.missing).toEqual([]);
      expect(result.states).toBeLessThan(2000);
    },
    60_000,
  );

  it('hcall-hold deadlocks with three vCPUs, by two checks as with two', async () => {
    const [deadlock] = (await wide('hcall-hold', 3)).result.violations;
    expect(deadlock).toMatchObject({ property: 'noDeadlock', faults: 2, shortest: true });
  }, 60_000);

  it('two checks on each of two vCPUs end, too', async () => {
    expect((await wide('direct-exit', 2, 2)).result).toMatchObject({ verdict: 'holds', complete: true });
  }, 60_000);
});
