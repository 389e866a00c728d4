import { describe, expect, it } from 'vitest';
import { median, report, row } from './report.ts';

describe('bench reports', () => {
  it('counts a ratio above 1 as ahead, and leaves out of the mean what has no peer', () => {
    const rows = [row('a', 1, 4), row('b', 2, 2), row('c', 3, null, 'no spin')];
    expect(rows.map((r) => r.ratio)).toEqual([4, 1, null]);
    expect(report(rows, 'Spin').geomean).toBeCloseTo(2);
    expect(report([row('c', 3, null, 'no spin')], null)).toMatchObject({ geomean: null, machine: { peer: null } });
  });

  it.each([
    [[3, 1, 2], 2],
    [[4, 1, 3, 2], 2.5],
    [[7], 7],
  ])('the median of %j is %d', (values, middle) => {
    expect(median(values)).toBe(middle);
  });
});
