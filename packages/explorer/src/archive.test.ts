import { CheckstopError } from '@checkstop/kernel';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Archive } from './archive.ts';
import { Ints } from './ints.ts';

/** A list of these numbers. */
function listed(numbers: readonly number[]): Ints {
  const list = new Ints();
  for (const number of numbers) list.push(number);
  return list;
}

const contents = (list: Ints): number[] => [...list.data.slice(0, list.length)];

/** What reading ends in. */
function codeOf(read: () => unknown): string {
  try {
    read();
    return 'none';
  } catch (error) {
    return error instanceof CheckstopError ? error.code : String(error);
  }
}

it('reads what it wrote', () => {
  const int = fc.integer({ min: -1, max: 2 ** 31 - 1 });
  fc.assert(
    fc.property(
      fc.maxSafeNat(),
      fc.boolean(),
      fc.string({ unit: 'grapheme' }),
      fc.array(int),
      (most, flag, text, all) => {
        const rising = all.toSorted((a, b) => a - b);
        const archived = (a: Archive, ints = new Ints(), lines = new Ints()) => {
          const values = [a.number(most), a.flag(flag), a.text(text), a.numbers(all.map(Math.abs))];
          a.ints(ints, { low: -1 });
          a.rising(lines, { low: -1 });
          return [...values, contents(ints), contents(lines)];
        };
        const writer = new Archive();
        const written = archived(writer, listed(all), listed(rising));
        const reader = new Archive(writer.written);
        expect(archived(reader)).toEqual(written);
        reader.end();
      },
    ),
  );
});

it('reads nothing that is out of bounds, and nothing beyond the end', () => {
  const writer = new Archive();
  writer.ints(listed([3, 1, 2]));
  const reading = (bounds: { low?: number; high?: number }, bytes = writer.written) =>
    codeOf(() => new Archive(bytes).ints(new Ints(), bounds));
  expect(reading({ high: 3 })).toBe('none');
  expect(reading({ high: 2 })).toBe('SAVE_DAMAGED');
  expect(reading({ low: 1, high: 3 })).toBe('SAVE_DAMAGED');
  for (let length = 0; length < 4; length++)
    expect(reading({}, writer.written.subarray(0, length))).toBe('SAVE_DAMAGED');
  expect(codeOf(() => new Archive(writer.written).end())).toBe('SAVE_DAMAGED');
  // A number of more bits than there are, and a list of more items than there are bytes.
  expect(codeOf(() => new Archive(new Uint8Array(20).fill(0xff)).number(0))).toBe('SAVE_DAMAGED');
  expect(codeOf(() => new Archive(Uint8Array.of(0xff, 0xff, 0x7f, 1)).numbers([]))).toBe('SAVE_DAMAGED');
});

it('takes no more memory than it may', () => {
  const writer = new Archive();
  writer.ints(listed([1, 2, 3, 4]));
  const reading = (budget: number) => codeOf(() => new Archive(writer.written, 0, budget).ints(new Ints()));
  expect(reading(16)).toBe('none');
  expect(reading(15)).toBe('SAVE_TOO_LARGE');
});
