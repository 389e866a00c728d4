import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Alternative } from '../agent.ts';
import { toy } from '../testing.ts';
import { pct } from './pct.ts';
import type { Move } from './schedule.ts';

const steps = (...agents: number[]): Alternative[] => agents.map((agent) => ({ agent, action: 'step', cost: 'none' }));

/** Who goes, in a run in which everybody always can. */
const order = (options: Parameters<typeof pct>[0], agents: number, length: number): number[] => {
  const scheduler = pct(options);
  const alternatives = steps(...Array(agents).keys());
  return Array.from({ length }, () => scheduler.next(alternatives)?.index ?? -1);
};

const turns = (agents: readonly number[]): number =>
  agents.filter((agent, i) => i > 0 && agent !== agents[i - 1]).length;

describe('pct', () => {
  it('turns away from an agent that could go on at most depth - 1 times in the steps expected', () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 6 }), (seed, depth, agents) => {
        expect(turns(order({ seed, depth, steps: 100 }, agents, 100))).toBeLessThan(depth);
      }),
    );
  });

  it('does so almost whenever it may, and at any step', () => {
    const runs = Array.from({ length: 500 }, (_, seed) => order({ seed, depth: 2, steps: 20 }, 3, 20));
    expect(runs.filter((run) => turns(run) === 1).length).toBeGreaterThan(430);
    const at = new Set(runs.map((run) => run.findIndex((agent) => agent !== run[0])));
    for (let step = 1; step < 20; step++) expect(at).toContain(step);
    expect(new Set(runs.map(([first]) => first))).toEqual(new Set([0, 1, 2]));
  });

  it('lets an agent that fell go again only where no other can', () => {
    for (let seed = 0; seed < 200; seed++) {
      const scheduler = pct({ seed, depth: 2, steps: 20 });
      const went = Array.from({ length: 19 }, () => scheduler.next(steps(0, 1))?.index);
      const fell = went.findIndex((agent) => agent !== went[0]);
      if (fell < 0) continue;
      expect(went.slice(fell)).not.toContain(went[0]);
      expect(scheduler.next(steps(went[0] ?? 0))?.index).toBe(0);
    }
  });

  it('goes on at random after the steps expected, so that nobody waits for an agent that spins', () => {
    const run = order({ seed: 1, depth: 1, steps: 50 }, 4, 150);
    expect(new Set(run.slice(0, 50)).size).toBe(1);
    expect(new Set(run.slice(50))).toEqual(new Set([0, 1, 2, 3]));
  });

  it('is the same for the same seed, never takes a fault and ends where only faults are left', () => {
    const record = (seed: number): Move[] => {
      const moves: Move[] = [];
      toy(4).machine.run(pct({ seed, steps: 12 }), { maxSteps: 40, record: moves });
      return moves;
    };
    expect(record(5)).toEqual(record(5));
    expect(new Set([1, 2, 3, 4, 5, 6].map((seed) => JSON.stringify(record(seed)))).size).toBeGreaterThan(1);
    const fault: Alternative = { agent: 1, action: 'check', cost: 'fault' };
    for (let seed = 0; seed < 50; seed++) expect(pct({ seed, steps: 1 }).next([fault, ...steps(0)])?.index).toBe(1);
    expect(pct({ seed: 1, steps: 1 }).next([fault])).toBeUndefined();
  });
});
