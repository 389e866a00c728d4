import { expect, it } from 'vitest';
import { prepareCell } from './cell.ts';
import { runCell } from './run-cell.ts';

it('counts to the limit of time what it takes to compose and boot', async () => {
  // Longer than the whole search, which would end with a verdict.
  let left = 2100;
  const plugins = (): [] => {
    const until = performance.now() + left;
    while (performance.now() < until);
    left = 0;
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
  const { result, limits } = await runCell(await prepareCell(spec, { plugins }), { limits: { milliseconds: 2000 } });
  expect(result).toMatchObject({ verdict: 'incomplete', limit: 'milliseconds' });
  expect(result.states).toBeLessThan(10);
  expect(limits).toEqual({ milliseconds: 2000 });
});
