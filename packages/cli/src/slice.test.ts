import { expect, it } from 'vitest';
import { slice } from './slice.ts';

/** Work of so many units, each of which takes so many milliseconds. */
function workOf(total: number, milliseconds: number) {
  return {
    units: 0,
    get done() {
      return this.units === total;
    },
    advance(units: number) {
      this.units += units;
      for (const until = performance.now() + milliseconds; performance.now() < until; );
    },
  };
}

it('a slice ends in time, however long a unit of work takes, and with the work', () => {
  const slow = workOf(1000, 20);
  slice(slow);
  expect(slow.units).toBeGreaterThanOrEqual(1);
  expect(slow.units).toBeLessThanOrEqual(3);
  const fast = workOf(1000, 0.001);
  slice(fast);
  expect(fast.units).toBeGreaterThan(3);
  const short = workOf(2, 0);
  slice(short);
  expect(short.done).toBe(true);
});
