import { describe, expect, it } from 'vitest';
import { extractField, FIELDS, type FieldName, fieldRange, insertField } from './fields.ts';
import { decode, ROWS, rowOf } from './table.ts';

describe('the instruction table', () => {
  it('gives every word at most one row', () => {
    for (const a of ROWS) {
      for (const b of ROWS) {
        if (a === b) continue;
        const common = a.mask & b.mask;
        expect((a.value & common) === (b.value & common), `${a.mnemonic} and ${b.mnemonic}`).toBe(false);
      }
    }
  });

  it('gives every mnemonic one row', () => {
    expect(new Set(ROWS.map((row) => row.mnemonic)).size).toBe(ROWS.length);
  });

  it.each([
    [0x7c642a14, 'add'],
    [0x7c642e15, 'addo.'],
    [0x38600001, 'addi'],
    [0x4bfffffd, 'bl'],
    [0x4e800020, 'bclr'],
    [0x44000022, 'sc'],
    [0x7c0004ac, 'sync'],
    [0x7c6f6120, 'mtcrf'],
    [0x00000200, 'attn'],
    [0x7c00192d, 'stwcx.'],
    [0x4c000024, 'rfid'],
  ])('decodes %i as %s', (word, mnemonic) => {
    expect(decode(word)?.mnemonic).toBe(mnemonic);
  });

  it('knows no row for illegal words', () => {
    for (const word of [0, 0x004d4d00, 0xffffffff, 0x7c00012c]) expect(decode(word)).toBeUndefined();
    expect(rowOf('nop')).toBeUndefined();
  });

  it('takes no word under primary opcode 0 but 0x00000200 for attn: the others are there to be given a meaning', () => {
    const neighbours = Array.from({ length: 26 }, (_, bit) => (0x200 ^ (1 << bit)) >>> 0);
    expect(neighbours.filter((word) => decode(word))).toEqual([]);
  });
});

describe('fields', () => {
  it.each(Object.keys(FIELDS) as FieldName[])('%s reads back what was written, at its edges', (name) => {
    const { min, max, step } = fieldRange(name);
    for (const value of [min, min + step, Math.max(min, 0), step, max - step, max]) {
      for (const background of [0, 0xffffffff, 0xa5a5a5a5]) {
        const word = insertField(name, background, value);
        expect(extractField(name, word)).toBe(value);
        expect(insertField(name, word, extractField(name, background))).toBe(background);
      }
    }
  });
});
