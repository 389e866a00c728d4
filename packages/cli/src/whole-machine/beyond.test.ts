import { describe, expect, it } from 'vitest';
import { EXPECTED, saying, searched } from './beyond.fixture.ts';

/** Three vCPUs with two checks each: beyond.oracle.test.ts. */
describe.each([
  [2, 2],
  [3, 1],
])('%d vCPUs, at most %d checks on each', (vcpus, perVcpu) => {
  it.each(EXPECTED)(
    '%s x %s says what it says with two and one',
    async (strategy, guest, properties) => {
      const verdict = properties.length === 0 ? 'holds' : 'violated';
      const run = await searched(strategy, guest, vcpus, perVcpu);
      expect(saying(run)).toEqual({ verdict, complete: true, violated: properties, missing: [] });
    },
    240_000,
  );
});
