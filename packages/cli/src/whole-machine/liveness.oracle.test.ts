import { expect, it } from 'vitest';
import { FOR_EVER, live, ONE_CHECK, progress } from './liveness.fixture.ts';

/** Every step interleaved makes millions of transitions. */
const SLOW = 900_000;

it.each(ONE_CHECK)(
  '%s: liveness is the same where every step is interleaved, and where local ones are folded',
  async (strategy) => {
    for (const bql of ['unfair', 'fifo'] as const) {
      const reduced = progress(await live(strategy, 'guest-linux', { bql }));
      for (const mode of ['unreduced', 'closure'] as const)
        expect(progress(await live(strategy, 'guest-linux', { bql, mode }))).toEqual(reduced);
    }
  },
  SLOW,
);

it.each(FOR_EVER)(
  '%s: so it is where checks strike for ever',
  async (strategy) => {
    const setting = { checks: 'unbounded', bql: 'fifo' } as const;
    for (const handOff of ['barging', 'fifo'] as const)
      expect(progress(await live(strategy, 'guest-linux', { ...setting, handOff, mode: 'closure' }))).toEqual(
        progress(await live(strategy, 'guest-linux', { ...setting, handOff })),
      );
  },
  SLOW,
);

it.each(ONE_CHECK)(
  '%s: three vCPUs are as two, with a FIFO lock',
  async (strategy, _none, _weak, _strong, fifo) => {
    expect(progress(await live(strategy, 'guest-linux', { vcpus: 3, bql: 'fifo' }))[1]).toBe(fifo);
  },
  SLOW,
);

it.each(FOR_EVER)(
  '%s: three vCPUs are as two, where checks strike for ever: barging %s, FIFO hand-off %s',
  async (strategy, ...expected) => {
    const weak: string[] = [];
    for (const handOff of ['barging', 'fifo'] as const) {
      const run = await live(strategy, 'guest-linux', { vcpus: 3, checks: 'unbounded', bql: 'fifo', handOff });
      weak.push(progress(run)[1]);
    }
    expect(weak).toEqual(expected);
  },
  SLOW,
);
