import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Interner } from './interner.ts';

it('gives equal rows equal ids and different rows different ones, from 0, however many there are', () => {
  const rows = fc
    .integer({ min: 1, max: 5 })
    .chain((width) => fc.array(fc.array(fc.integer({ min: -2, max: 2 }), { minLength: width, maxLength: width })));
  fc.assert(
    fc.property(rows, (some) => {
      const interner = new Interner(some[0]?.length ?? 1);
      const ids = new Map<string, number>();
      for (const row of some) {
        const known = ids.get(row.join()) ?? ids.size;
        expect(interner.intern(Int32Array.of(9, ...row), 1)).toBe(known);
        ids.set(row.join(), known);
      }
      expect(interner.count).toBe(ids.size);
    }),
  );
});

it('tells rows apart that differ in one word only, and keeps them as it grows', () => {
  const [width, many] = [5, 600];
  const interner = new Interner(width);
  const rows = Array.from({ length: width * many }, (_, i) => {
    const row = new Int32Array(width).fill(7);
    row[i % width] = 100 + Math.floor(i / width);
    return row;
  });
  expect(rows.map((row) => interner.intern(row, 0))).toEqual([...rows.keys()]);
  expect(rows.map((row) => interner.intern(row, 0))).toEqual([...rows.keys()]);
  const copied = new Int32Array(width + 1);
  for (const [id, row] of rows.entries()) {
    interner.copy(id, copied, 1);
    expect(copied.subarray(1)).toEqual(row);
  }
  expect(interner.bytes).toBeGreaterThan(rows.length * width * 4);
});
