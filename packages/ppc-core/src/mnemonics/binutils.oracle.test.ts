import { describe, expect, it } from 'vitest';
import { BINUTILS, gnuImage, gnuTexts, gnuVersion, gnuWords } from '../../oracle/binutils.ts';
import { edgeValues } from '../../oracle/edges.ts';
import { isInvalidForm } from '../../oracle/invalid-forms.ts';
import { recording, toolMissing } from '../../oracle/tool.ts';
import { PROGRAM, PROGRAM_ORIGIN, readBinutilsVectors, writeBinutilsVectors } from '../../oracle/vectors.ts';
import { assemble } from '../asm/assemble.ts';
import { disassemble } from '../disasm/disassemble.ts';
import { printEntry } from '../disasm/print.ts';
import { insertField } from '../isa/fields.ts';
import { decode, ROWS, rowOf } from '../isa/table.ts';
import { entriesNamed, mnemonics } from './dictionary.ts';
import { type Entry, rowEntry } from './entry.ts';

interface Case {
  readonly word: number;
  /** With the mnemonic that the word was made from, at address 0: there a branch's target is its distance, as for GNU as. */
  readonly text: string;
}

/** What is known to differ, brought to one form, with the reason. */
const known = {
  /** objdump shows the low 32 bits of an absolute target; the ISA extends its sign (Book I, 2.4). */
  absolute: (text: string) => text.replace(/^(b\w*a[+-]? .*0x)f{8}(f[\da-f]{7})$/, '$1$2'),
  /** objdump's raw way to say that mfcr has no field mask. */
  mfcr: (text: string) => text.replace(/^(mfcr r\d+),-1$/, '$1'),
  /** For POWER9 objdump does not know mftb, and as writes `mfspr` for it: the ISA phases it out (Book II, 6.1). */
  isPhasedOut: (word: number) => decode(word)?.base === 'mftb',
  /** Names that binutils has not learned. */
  isOurOwn: (text: string) => /^m[tf](usprg3|hsrr[01]|heir|pir) /.test(text),
  /** as writes mtocrf for an mtcrf of a single field; it does the same. */
  singleField: (word: number) => {
    const mask = (word >>> 12) & 0xff;
    const single = mask !== 0 && (mask & (mask - 1)) === 0;
    return decode(word)?.base === 'mtcrf' && single ? (word | (1 << 20)) >>> 0 : word;
  },
};

function casesOf(entry: Entry): Case[] {
  const cases = edgeValues(entry).map((values) => ({
    word: entry.encode(values) ?? 0,
    text: printEntry(entry, values, 0),
  }));
  return cases.filter(({ word, text }) => !isInvalidForm(word) && !known.isPhasedOut(word) && !known.isOurOwn(text));
}

const hex = (word: number): string => word.toString(16).padStart(8, '0');
const wordsOf = (cases: readonly Case[]): number[] => [...new Set(cases.map(({ word }) => word))];

function expectSameTexts(words: readonly number[], raw: boolean): void {
  const ours = words.map((word, index) => known.absolute(disassemble(word, 4 * index, { raw })));
  expect(ours).toEqual(gnuTexts(words, raw).map(known.mfcr));
}

describe.skipIf(toolMissing(...BINUTILS))('GNU binutils', () => {
  const cases = [...mnemonics()].flatMap(entriesNamed).flatMap(casesOf);
  const words = wordsOf(cases);

  it.each([false, true])('objdump prints what we print, for the edges of every operand (raw: %s)', (raw) => {
    expectSameTexts(words, raw);
  });

  it.each([false, true])('objdump prints what we print, for every mask, shift and condition (raw: %s)', (raw) => {
    expectSameTexts(everyMaskAndCondition(), raw);
  });

  it('as makes the same word of every mnemonic, also of those never printed', () => {
    const theirs = gnuWords(cases.map(({ text }) => text)).map((word) => (word === undefined ? 'refused' : hex(word)));
    expect(cases.map(({ text }, index) => `${theirs[index]} ${text}`)).toEqual(
      cases.map(({ text, word }) => `${hex(known.singleField(word))} ${text}`),
    );
  });

  it.each(['big', 'little'] as const)('as makes the same image of a program (%s)', (endian) => {
    const { bytes } = assemble(PROGRAM, { origin: PROGRAM_ORIGIN, endian });
    expect(Buffer.from(bytes).toString('hex')).toBe(gnuImage(PROGRAM, PROGRAM_ORIGIN, endian));
  });

  it('says what is recorded', () => {
    const ordinary = [...mnemonics()].flatMap(entriesNamed).flatMap((entry) => casesOf(entry).slice(0, 1));
    const bases = ROWS.filter(({ mnemonic, base }) => mnemonic === base).flatMap((row) => casesOf(rowEntry(row)));
    const listed = wordsOf([...bases, ...ordinary]);
    const [texts, raws] = [gnuTexts(listed, false), gnuTexts(listed, true)].map((list) => list.map(known.mfcr));
    const written = ordinary.filter(({ text, word }) => text !== disassemble(word));
    const theirs = gnuWords(written.map(({ text }) => text));
    const vectors = {
      version: gnuVersion(),
      listing: listed.map((word, index) => {
        const [text, raw] = [texts?.[index], raws?.[index]];
        return [hex(word), text, ...(raw === text ? [] : [raw])].join('|');
      }),
      written: written.map(({ text }, index) => `${hex(theirs[index] ?? 0)}|${text}`),
      program: {
        big: gnuImage(PROGRAM, PROGRAM_ORIGIN, 'big'),
        little: gnuImage(PROGRAM, PROGRAM_ORIGIN, 'little'),
      },
    };
    if (recording) writeBinutilsVectors(vectors);
    expect(readBinutilsVectors()).toEqual({ ...vectors, version: expect.any(String) });
  });
});

/** Where which extended mnemonic is printed depends on the operands: all of rlwinm, rldicl, rldicr, bc, bclr, bcctr, tw. */
function everyMaskAndCondition(): number[] {
  const word = (mnemonic: string, fields: Record<string, number>): number => {
    let result = rowOf(mnemonic)?.value ?? 0;
    for (const [field, value] of Object.entries(fields)) {
      result = insertField(field as Parameters<typeof insertField>[0], result, value);
    }
    return result;
  };
  const range = (count: number): number[] => Array.from({ length: count }, (_, index) => index);
  const pairs = (a: number, b: number): [number, number][] =>
    range(a).flatMap((x) => range(b).map((y) => [x, y] as [number, number]));
  const all = [
    ...pairs(32, 1024).map(([SH, m]) => word('rlwinm', { RS: 4, RA: 5, SH, MB: m >> 5, ME: m & 31 })),
    ...pairs(64, 64).map(([sh, mb]) => word('rldicl', { RS: 4, RA: 5, sh, mb })),
    ...pairs(64, 64).map(([sh, me]) => word('rldicr', { RS: 4, RA: 5, sh, me })),
    ...['bc', 'bcl', 'bca', 'bcla'].flatMap((name) => pairs(32, 32).map(([BO, BI]) => word(name, { BO, BI, BD: 64 }))),
    ...['bclr', 'bclrl', 'bcctr', 'bcctrl'].flatMap((name) =>
      pairs(32, 128).map(([BO, rest]) => word(name, { BO, BI: rest >> 2, BH: rest & 3 })),
    ),
    ...['tw', 'td'].flatMap((name) => range(32).map((TO) => word(name, { TO, RA: 4, RB: 5 }))),
    ...['twi', 'tdi'].flatMap((name) => range(32).map((TO) => word(name, { TO, RA: 4, SI: -5 }))),
  ];
  return all.filter((each) => !isInvalidForm(each));
}
