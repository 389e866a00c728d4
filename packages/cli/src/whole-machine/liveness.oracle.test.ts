import { expect, it } from 'vitest';
import { CELLS } from './cells.fixture.ts';
import { live, progress } from './liveness.fixture.ts';

it.each(CELLS.filter(([, guest]) => guest === 'guest-linux'))(
  '%s x %s: liveness is the same where every step is interleaved',
  async (strategy, guest) => {
    for (const bql of ['unfair', 'fifo'] as const)
      expect(progress(await live(strategy, guest, bql, 'unreduced'))).toEqual(
        progress(await live(strategy, guest, bql)),
      );
  },
  300_000,
);
