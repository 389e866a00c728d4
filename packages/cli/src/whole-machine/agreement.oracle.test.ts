import { expect, it } from 'vitest';
import { CELLS, search } from './cells.fixture.ts';

it.each(CELLS)(
  '%s x %s: folding local steps changes neither verdict nor counterexamples',
  async (strategy, guest) => {
    const [reduced, unreduced] = [await search(strategy, guest), await search(strategy, guest, { mode: 'unreduced' })];
    const told = ({ result: { verdict, complete, violations, goals } }: typeof reduced) => ({
      verdict,
      complete,
      goals,
      violations: violations.map(({ property, faults, preemptions, steps, shortest }) => ({
        property,
        faults,
        preemptions,
        steps,
        shortest,
      })),
    });
    expect(told(unreduced)).toEqual(told(reduced));
    expect(reduced.result.states).toBeLessThan(unreduced.result.states / 5);
  },
  180_000,
);
