import fc from 'fast-check';
import { expect, it } from 'vitest';
import { CostQueue } from './cost-queue.ts';

it('gives the cheapest first, equals in the order of arrival, and knows how much it holds', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(5)), (costs) => {
      const queue = new CostQueue();
      for (const [entry, cost] of costs.entries()) queue.push(cost, entry);
      expect(queue.bytes).toBeGreaterThanOrEqual(8 * costs.length);
      const expected = costs.map((cost, entry) => ({ cost, entry })).sort((a, b) => a.cost - b.cost);
      for (const next of expected) expect(queue.pop()).toEqual(next);
      expect(queue.isEmpty).toBe(true);
      expect(queue.bytes).toBe(0);
    }),
  );
});
