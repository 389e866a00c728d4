import { describe, expect, it } from 'vitest';
import { PROGRAM, PROGRAM_ORIGIN, readBinutilsVectors } from '../../oracle/vectors.ts';
import { assemble } from '../asm/assemble.ts';
import { disassemble } from '../disasm/disassemble.ts';
import { ROWS } from '../isa/table.ts';

const { listing, written, program } = readBinutilsVectors();
const lines = listing.map((line) => {
  const [word = '', text = '', raw = text] = line.split('|');
  return { word: Number.parseInt(word, 16), text, raw };
});

/** objdump shows 32 bits of an absolute target; see the oracle's test. */
const shortened = (text: string): string => text.replace(/^(b\w*a[+-]? .*0x)f{8}(f[\da-f]{7})$/, '$1$2');
const lengthened = (text: string): string => text.replace(/^(b\w*a[+-]? .*0x)(f[\da-f]{7})$/, '$1ffffffff$2');

describe('as recorded from GNU binutils', () => {
  it('has every row', () => {
    // binutils does not know mftb for POWER9.
    const expected = ROWS.map(({ mnemonic }) => mnemonic).filter((mnemonic) => mnemonic !== 'mftb');
    const recorded = new Set(lines.map(({ raw }) => raw.split(' ')[0]));
    expect(expected.filter((mnemonic) => !recorded.has(mnemonic))).toEqual([]);
  });

  it('prints as objdump does', () => {
    const ours = lines.map(({ word }, index) => shortened(disassemble(word, 4 * index)));
    expect(ours).toEqual(lines.map(({ text }) => text));
  });

  it('prints basic mnemonics as objdump -M raw does', () => {
    const ours = lines.map(({ word }, index) => shortened(disassemble(word, 4 * index, { raw: true })));
    expect(ours).toEqual(lines.map(({ raw }) => raw));
  });

  it.each(['text', 'raw'] as const)("assembles objdump's %s to the same words", (kind) => {
    const { words } = assemble(lines.map((line) => lengthened(line[kind])).join('\n'));
    expect(words).toEqual(lines.map(({ word }) => word));
  });

  it('assembles what is only written to the same words', () => {
    const ours = written.map((line) => {
      const [word = '', text = ''] = line.split('|');
      // as takes mtocrf for an mtcrf of a single field.
      const expected = Number.parseInt(word, 16) & (/^mtcrf /.test(text) ? ~(1 << 20) : -1);
      return { text, same: assemble(text).words[0] === expected >>> 0 };
    });
    expect(ours.filter(({ same }) => !same)).toEqual([]);
  });

  it.each(['big', 'little'] as const)('assembles a whole program to the same image (%s)', (endian) => {
    const { bytes } = assemble(PROGRAM, { origin: PROGRAM_ORIGIN, endian });
    expect(Buffer.from(bytes).toString('hex')).toBe(program[endian]);
  });
});
