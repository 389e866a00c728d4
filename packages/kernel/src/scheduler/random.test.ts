import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Alternative } from '../agent.ts';
import { Sfc32, seededRandom } from './random.ts';

describe('Sfc32', () => {
  it('gives the published sequence (computed by another implementation)', () => {
    const generator = new Sfc32(42);
    expect([generator.next(), generator.next(), generator.next()]).toEqual([0x328a7c6a, 0x35407147, 0xca3d91b0]);
  });

  it('goes on from a saved state', () => {
    const generator = new Sfc32(1);
    const state = generator.save();
    const first = [generator.next(), generator.next()];
    const other = new Sfc32(2);
    other.load(state);
    expect([other.next(), other.next()]).toEqual(first);
  });
});

describe('seededRandom', () => {
  const step: Alternative = { agent: 0, action: 'step', cost: 'none' };
  const fault: Alternative = { agent: 0, action: 'check', cost: 'fault' };

  it('stays within its bounds', () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 1, max: 9 }), (seed, maxBudget) => {
        const scheduler = seededRandom(seed, { maxBudget });
        const decision = scheduler.next([step, fault]);
        expect([0, 1]).toContain(decision?.index);
        expect(decision?.budget).toBeGreaterThanOrEqual(1);
        expect(decision?.budget).toBeLessThanOrEqual(maxBudget);
        expect([0, 1, 2]).toContain(scheduler.choose?.('which', 3));
      }),
    );
  });

  it('takes faults as often as asked, and never waits for one', () => {
    const faults = (faultEvery: number) => {
      const scheduler = seededRandom(3, { faultEvery });
      return Array.from({ length: 1000 }, () => scheduler.next([step, fault])?.index).filter((i) => i === 1).length;
    };
    expect(faults(0)).toBe(0);
    expect(faults(1)).toBe(1000);
    expect(faults(4)).toBeGreaterThan(150);
    expect(faults(4)).toBeLessThan(350);
    expect(seededRandom(3, { faultEvery: 0 }).next([fault])).toBeUndefined();
  });
});
