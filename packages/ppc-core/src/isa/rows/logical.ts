import type { Builder } from '../../ir/builder.ts';
import {
  add,
  and,
  clz,
  ctz,
  extend8,
  extend16,
  extend32,
  type I64,
  i64,
  low32,
  ltU,
  mul,
  not,
  or,
  popcnt,
  rotl,
  shl,
  shr,
  sub,
  wrap,
  xor,
  zeroExtend,
} from '../../ir/expr.ts';
import { rowMaker } from '../row.ts';

const row = rowMaker({ footprint: 'registers' });

/** Power ISA 3.0B, Book I, 3.3.13 "Fixed-Point Logical Instructions". `ori r0,r0,0` is the preferred no-op. */
export const logical = [
  row('andi.', 'D: 28 RS RA UI', 'RA,RS,UI', (b) => recorded(b, and(b.gpr('RS'), b.imm('UI')))),
  row('andis.', 'D: 29 RS RA UI', 'RA,RS,UI', (b) => recorded(b, and(b.gpr('RS'), shl(b.imm('UI'), 16)))),
  row('ori', 'D: 24 RS RA UI', 'RA,RS,UI', (b) => b.setGpr('RA', or(b.gpr('RS'), b.imm('UI')))),
  row('oris', 'D: 25 RS RA UI', 'RA,RS,UI', (b) => b.setGpr('RA', or(b.gpr('RS'), shl(b.imm('UI'), 16)))),
  row('xori', 'D: 26 RS RA UI', 'RA,RS,UI', (b) => b.setGpr('RA', xor(b.gpr('RS'), b.imm('UI')))),
  row('xoris', 'D: 27 RS RA UI', 'RA,RS,UI', (b) => b.setGpr('RA', xor(b.gpr('RS'), shl(b.imm('UI'), 16)))),

  row('and', 'X: 31 RS RA RB 28 Rc', 'RA,RS,RB', (b) => b.result('RA', and(b.gpr('RS'), b.gpr('RB')))),
  row('xor', 'X: 31 RS RA RB 316 Rc', 'RA,RS,RB', (b) => b.result('RA', xor(b.gpr('RS'), b.gpr('RB')))),
  row('nand', 'X: 31 RS RA RB 476 Rc', 'RA,RS,RB', (b) => b.result('RA', not(and(b.gpr('RS'), b.gpr('RB'))))),
  row('or', 'X: 31 RS RA RB 444 Rc', 'RA,RS,RB', (b) => b.result('RA', or(b.gpr('RS'), b.gpr('RB')))),
  row('nor', 'X: 31 RS RA RB 124 Rc', 'RA,RS,RB', (b) => b.result('RA', not(or(b.gpr('RS'), b.gpr('RB'))))),
  row('andc', 'X: 31 RS RA RB 60 Rc', 'RA,RS,RB', (b) => b.result('RA', and(b.gpr('RS'), not(b.gpr('RB'))))),
  row('eqv', 'X: 31 RS RA RB 284 Rc', 'RA,RS,RB', (b) => b.result('RA', not(xor(b.gpr('RS'), b.gpr('RB'))))),
  row('orc', 'X: 31 RS RA RB 412 Rc', 'RA,RS,RB', (b) => b.result('RA', or(b.gpr('RS'), not(b.gpr('RB'))))),

  row('extsb', 'X: 31 RS RA /// 954 Rc', 'RA,RS', (b) => b.result('RA', extend8(b.gpr('RS')))),
  row('extsh', 'X: 31 RS RA /// 922 Rc', 'RA,RS', (b) => b.result('RA', extend16(b.gpr('RS')))),
  row('extsw', 'X: 31 RS RA /// 986 Rc', 'RA,RS', (b) => b.result('RA', extend32(b.gpr('RS')))),

  row('cntlzw', 'X: 31 RS RA /// 26 Rc', 'RA,RS', (b) => b.result('RA', zeroExtend(clz(wrap(b.gpr('RS')))))),
  row('cntlzd', 'X: 31 RS RA /// 58 Rc', 'RA,RS', (b) => b.result('RA', clz(b.gpr('RS')))),
  row('cnttzw', 'X: 31 RS RA /// 538 Rc', 'RA,RS', (b) => b.result('RA', zeroExtend(ctz(wrap(b.gpr('RS')))))),
  row('cnttzd', 'X: 31 RS RA /// 570 Rc', 'RA,RS', (b) => b.result('RA', ctz(b.gpr('RS')))),

  row('popcntb', 'X: 31 RS RA /// 122 /', 'RA,RS', (b) => b.setGpr('RA', bitsPerByte(b, b.gpr('RS')))),
  row('popcntw', 'X: 31 RS RA /// 378 /', 'RA,RS', (b) => {
    const value = b.gpr('RS');
    b.setGpr('RA', or(shl(popcnt(shr(value, 32)), 32), popcnt(low32(value))));
  }),
  row('popcntd', 'X: 31 RS RA /// 506 /', 'RA,RS', (b) => b.setGpr('RA', popcnt(b.gpr('RS')))),

  // The parity of a word or doubleword counts the lowest bit of each byte.
  row('prtyw', 'X: 31 RS RA /// 154 /', 'RA,RS', (b) => {
    const lowest = b.let(and(b.gpr('RS'), 0x0101_0101_0101_0101n));
    const parity = and(popcnt(low32(lowest)), 1);
    b.setGpr('RA', or(shl(and(popcnt(shr(lowest, 32)), 1), 32), parity));
  }),
  row('prtyd', 'X: 31 RS RA /// 186 /', 'RA,RS', (b) =>
    b.setGpr('RA', and(popcnt(and(b.gpr('RS'), 0x0101_0101_0101_0101n)), 1)),
  ),

  // 0xFF in every byte where the two are equal
  row('cmpb', 'X: 31 RS RA RB 508 /', 'RA,RS,RB', (b) => {
    const differs = b.let(xor(b.gpr('RS'), b.gpr('RB')));
    const low7 = 0x7f7f_7f7f_7f7f_7f7fn;
    const nonZero = or(differs, add(and(differs, low7), low7));
    const equal = b.let(shr(and(not(nonZero), ~low7), 7));
    b.setGpr('RA', mul(equal, 0xff));
  }),

  // Byte i of RS picks bit number RS[i] of RB into bit i of the lowest byte; numbers above 63 pick a zero.
  row('bpermd', 'X: 31 RS RA RB 252 /', 'RA,RS,RB', (b) => {
    const picks = b.variable(b.gpr('RS'));
    const from = b.gpr('RB');
    const picked = b.variable(i64(0));
    b.repeat(8, () => {
      b.assign(picks, rotl(picks, 8));
      const number = b.let(and(picks, 0xff));
      const bit = and(shr(from, sub(i64(63), number)), zeroExtend(ltU(number, 64)));
      b.assign(picked, or(shl(picked, 1), bit));
    });
    b.setGpr('RA', picked);
  }),
].flat();

/** andi. and andis. always record. */
function recorded(b: Builder, value: I64): void {
  const result = b.let(value);
  b.setGpr('RA', result);
  b.recordCr0(result);
}

/** The number of ones in each byte: pairs, nibbles, bytes. */
function bitsPerByte(b: Builder, value: I64): I64 {
  const pairs = b.let(sub(value, and(shr(value, 1), 0x5555_5555_5555_5555n)));
  const nibbles = b.let(add(and(pairs, 0x3333_3333_3333_3333n), and(shr(pairs, 2), 0x3333_3333_3333_3333n)));
  return and(add(nibbles, shr(nibbles, 4)), 0x0f0f_0f0f_0f0f_0f0fn);
}
