import { expect, it } from 'vitest';
import { EXPECTED, saying, searched } from './beyond.fixture.ts';

/** Merging is given up there, and 20 million states are not all: what is found until then has to be what is expected. */
const isCutShort = (strategy: string, guest: string): boolean =>
  strategy === 'hcall-wait' && guest === 'guest-other-os';

it.each(EXPECTED.filter(([strategy, guest]) => !isCutShort(strategy, guest)))(
  '%s x %s says with three vCPUs and two checks on each what it says with two and one',
  async (strategy, guest, properties) => {
    const run = await searched(strategy, guest, 3, 2);
    const verdict = properties.length === 0 ? 'holds' : 'violated';
    expect(saying(run)).toEqual({ verdict, complete: true, violated: properties, missing: [] });
  },
  3_600_000,
);

it.each(EXPECTED.filter(([strategy, guest]) => isCutShort(strategy, guest)))(
  '%s x %s says part of it before it meets a limit',
  async (strategy, guest, properties) => {
    const { verdict, violated } = saying(await searched(strategy, guest, 3, 2));
    expect(verdict).toBe('violated');
    expect(violated).toContain('entryContract');
    expect(properties).toEqual(expect.arrayContaining(violated));
  },
  3_600_000,
);
