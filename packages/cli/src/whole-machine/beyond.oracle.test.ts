import { expect, it } from 'vitest';
import { EXPECTED, saying, searched } from './beyond.fixture.ts';

it.each(EXPECTED)(
  '%s x %s says with three vCPUs and two checks on each what it says with two and one',
  async (strategy, guest, properties) => {
    const run = await searched(strategy, guest, 3, 2);
    const verdict = properties.length === 0 ? 'holds' : 'violated';
    expect(saying(run)).toEqual({ verdict, complete: true, violated: properties, missing: [] });
  },
  3_600_000,
);
