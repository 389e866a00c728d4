import { expect, it } from 'vitest';
import { CELLS, search, told } from './cells.fixture.ts';

it.each(CELLS)(
  '%s x %s: folding local steps changes neither verdict nor counterexamples',
  async (strategy, guest) => {
    const [reduced, unreduced] = [await search(strategy, guest), await search(strategy, guest, { mode: 'unreduced' })];
    expect(told(unreduced)).toEqual(told(reduced));
    expect(reduced.result.states).toBeLessThan(unreduced.result.states / 5);
  },
  180_000,
);
