import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assemble } from '../asm/assemble.ts';
import { disassemble } from '../disasm/disassemble.ts';
import { ROWS } from '../isa/table.ts';
import { entriesNamed, mnemonics } from './dictionary.ts';
import type { Entry } from './entry.ts';

const address = fc.integer({ min: 0, max: 2 ** 40 }).map((index) => 4 * index);
const wordOf = (text: string, origin = 0): number | undefined => assemble(text, { origin }).words[0];

/** Any values within the slots' ranges. */
const valuesOf = ({ slots }: Entry): fc.Arbitrary<number[]> =>
  fc.tuple(...slots.map(({ min, max, step }) => fc.integer({ min: min / step, max: max / step }).map((n) => n * step)));

describe('assembling what was disassembled', () => {
  it('gives the same word, for every row', () => {
    for (const row of ROWS) {
      const word = fc.integer({ min: 0, max: 0xffff_ffff }).map((bits) => ((bits & ~row.mask) | row.value) >>> 0);
      fc.assert(
        fc.property(word, address, fc.boolean(), (each, origin, raw) => {
          expect(wordOf(disassemble(each, origin, { raw }), origin)).toBe(each);
        }),
        { numRuns: 30 },
      );
    }
  });

  it('gives the same word, for words of any kind', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0xffff_ffff }), address, (word, origin) => {
        expect(wordOf(disassemble(word, origin), origin)).toBe(word);
      }),
      { numRuns: 2000 },
    );
  });
});

it('finds the operands of every mnemonic again', () => {
  for (const entry of [...mnemonics()].flatMap(entriesNamed)) {
    fc.assert(
      fc.property(valuesOf(entry), (values) => {
        const word = entry.encode(values);
        if (word === undefined) return; // values that this mnemonic has no word for
        const found = entry.decode(word);
        expect(found && entry.encode(found)).toBe(word);
      }),
      { numRuns: 5, seed: 1 },
    );
  }
});
