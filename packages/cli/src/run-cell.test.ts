import { expect, it } from 'vitest';
import { prepareCell } from './cell.ts';
import { runCell } from './run-cell.ts';

it('counts to the limit of time what it takes to compose and boot', async () => {
  const plugins = (): [] => {
    const until = performance.now() + 200;
    while (performance.now() < until);
    return [];
  };
  const spec = {
    strategy: { name: 'direct-exit', options: {} },
    guest: { name: 'guest-linux', options: {} },
    hypervisor: { name: 'qemu', options: {} },
    vcpus: 2,
    profile: {},
    checks: { perVcpu: 1 },
  };
  const { result, limits } = await runCell(await prepareCell(spec, { plugins }), { limits: { milliseconds: 150 } });
  expect(result).toMatchObject({ verdict: 'incomplete', limit: 'milliseconds' });
  expect(result.states).toBeLessThan(10);
  expect(limits).toEqual({ milliseconds: 150 });
});
