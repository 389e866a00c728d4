import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Archive } from './archive.ts';
import { StateTable } from './visited.ts';

it('numbers each distinct row once, in the order of arrival, and finds it again', () => {
  const row = fc.tuple(fc.integer({ min: -2, max: 2 }), fc.nat(50), fc.nat(50)).map((r) => Int32Array.from(r));
  fc.assert(
    fc.property(fc.array(row, { maxLength: 300 }), (rows) => {
      const table = new StateTable(3);
      const expected = new Map<string, number>();
      for (const r of rows) {
        const isNew = !expected.has(r.join());
        if (isNew) expected.set(r.join(), expected.size);
        expect(table.add(r)).toBe(expected.get(r.join()));
        expect(table.added).toBe(isNew);
      }
      const back = new Int32Array(3);
      for (const [text, index] of expected) {
        table.read(index, back);
        expect(back.join()).toBe(text);
        expect(table.find(back)).toBe(index);
      }
      expect(table.find(Int32Array.of(9, 9, 9))).toBe(-1);
      expect(table.count).toBe(expected.size);
    }),
  );
});

it('grows past its first size', () => {
  const table = new StateTable(2);
  for (let i = 0; i < 50_000; i++) table.add(Int32Array.of(i % 223, (i / 223) | 0));
  expect(table.count).toBe(50_000);
  expect(table.find(Int32Array.of(7, 100))).toBe(100 * 223 + 7);
});

it('takes, when read, what its rows and their index take, and no more than it may', () => {
  const table = new StateTable(2);
  for (let i = 0; i < 5000; i++) table.add(Int32Array.of(i % 223, (i / 223) | 0));
  const a = new Archive();
  table.archive(a, table.count);
  const read = (budget: number): StateTable => {
    const back = new StateTable(2);
    back.archive(new Archive(a.written, 0, budget), 0);
    return back;
  };
  const bytes = 4 * (2 * 5000 + 16_384);
  const back = read(bytes);
  expect(back.bytes).toBe(bytes);
  expect(back.find(Int32Array.of(7, 10))).toBe(table.find(Int32Array.of(7, 10)));
  expect(back.add(Int32Array.of(-1, -1))).toBe(5000);
  expect(() => read(bytes - 1)).toThrow(expect.objectContaining({ code: 'SAVE_TOO_LARGE' }));
});

it('is not read with a row that is there twice', () => {
  const a = new Archive();
  a.numbers([1, 2, 3, 4, 3, 4]);
  const back = new StateTable(2);
  expect(() => back.archive(new Archive(a.written), 0)).toThrow(expect.objectContaining({ code: 'SAVE_DAMAGED' }));
});
