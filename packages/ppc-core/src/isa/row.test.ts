import { describe, expect, it } from 'vitest';
import { Builder } from '../ir/builder.ts';
import type { Block } from '../ir/statement.ts';
import { parseEncoding } from './encoding.ts';
import type { Footprint, Row } from './row.ts';
import { ROWS, rowOf } from './table.ts';

describe('an encoding', () => {
  it.each([
    ['XO: 31 RT RA RB OE 266 Rc', 0xfc0003fe, 0x7c000214],
    ['D: 14 RT RA SI', 0xfc000000, 0x38000000],
    ['MD: 30 RS RA sh mb 3 sh Rc', 0xfc00001c, 0x7800000c],
    ['XS: 31 RS RA sh 413 sh Rc', 0xfc0007fc, 0x7c000674],
    ['XFX: 31 RS 1:1 FXM / 144 /', 0xfc1007fe, 0x7c100120],
    ['X: 31 RS RA RB 150 1:1', 0xfc0007ff, 0x7c00012d],
    ['SC: 17 /// LEV /// 1 /', 0xfc000002, 0x44000002],
  ])('is read as the ISA draws it: %s', (text, mask, value) => {
    expect(parseEncoding(text)).toMatchObject({ mask, value });
  });

  it.each([
    'XO: 31 RT RB RA OE 266 Rc', // fields in the wrong order
    'XO: 31 RT RA RB 266 Rc', // a hole
    'D: 64 RT RA SI', // too large
    'D: 14 RT RA', // too short
    'X: 31 RT RA RB 1024 /', // too large
    'X: 31 RT RA QQ 4 /', // no such field
  ])('is refused when it does not add up: %s', (text) => {
    expect(() => parseEncoding(text)).toThrow(expect.objectContaining({ code: 'ISA_BAD_ENCODING' }));
  });
});

/** All that the statements do, those of branches included. */
function effects(block: Block): Set<string> {
  const seen = new Set<string>();
  for (const statement of block) {
    if (statement.op === 'if') for (const op of effects([...statement.yes, ...statement.no])) seen.add(op);
    else if (statement.op === 'loop') for (const op of effects(statement.statements)) seen.add(op);
    else if (statement.op === 'writeRegister' && statement.register === 'msr') seen.add('msr');
    else seen.add(statement.op);
  }
  return seen;
}

function footprintOf(row: Row): Footprint {
  const builder = new Builder(row.variant);
  row.semantics(builder);
  const seen = effects(builder.statements);
  if (seen.has('loadReserve') || seen.has('storeConditional')) return 'reserve';
  if (seen.has('store') || seen.has('zeroBlock')) return 'store';
  if (seen.has('load')) return 'load';
  if (row.privileged || seen.has('exit') || seen.has('interrupt') || seen.has('msr')) return 'system';
  return seen.has('branch') ? 'branch' : 'registers';
}

describe('rows', () => {
  it('declare the footprint that their semantics have', () => {
    for (const row of ROWS) expect(row.footprint, row.mnemonic).toBe(footprintOf(row));
  });

  it('come in all variants that the encoding leaves open', () => {
    const names = (base: string) => ROWS.filter((row) => row.base === base).map((row) => row.mnemonic);
    expect(names('add')).toEqual(['add', 'add.', 'addo', 'addo.']);
    expect(names('bc')).toEqual(['bc', 'bca', 'bcl', 'bcla']);
    expect(names('mulhw')).toEqual(['mulhw', 'mulhw.']);
    expect(rowOf('bla')?.variant).toEqual({ LK: true, AA: true });
  });

  it('name their operands in the order of the assembler', () => {
    expect(rowOf('rlwinm')?.operands.map(({ field }) => field)).toEqual(['RA', 'RS', 'SH', 'MB', 'ME']);
    expect(rowOf('lwz')?.operands).toEqual([{ field: 'RT' }, { field: 'D', base: 'RA0' }]);
    expect(rowOf('sc')?.operands).toEqual([{ field: 'LEV', optional: true }]);
    expect(rowOf('isync')?.operands).toEqual([]);
  });
});
