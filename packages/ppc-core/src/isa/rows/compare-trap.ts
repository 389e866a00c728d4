import type { Builder } from '../../ir/builder.ts';
import {
  and,
  eq,
  extend32,
  geU,
  gtS,
  gtU,
  type I32,
  type I64,
  i32,
  i64,
  leU,
  low32,
  ltS,
  ltU,
  or,
  select,
  shl,
  shr,
} from '../../ir/expr.ts';
import { PROGRAM, VECTOR } from '../../state.ts';
import { rowMaker } from '../row.ts';

const row = rowMaker({ footprint: 'registers' });
const trap = rowMaker({ footprint: 'system' });

/** Power ISA 3.0B, Book I, 3.3.10 compares, 3.3.11 traps, 3.3.12 select, 3.3.10.1 character-type compares. */
export const compareTrap = [
  // L=0 compares words, L=1 doublewords
  row('cmpi', 'D: 11 BF / L RA SI', 'BF,L,RA,SI', (b) => compareSigned(b, b.imm('SI'))),
  row('cmp', 'X: 31 BF / L RA RB 0 /', 'BF,L,RA,RB', (b) => compareSigned(b, extendedTo(b, b.gpr('RB'), extend32))),
  row('cmpli', 'D: 10 BF / L RA UI', 'BF,L,RA,UI', (b) => compareUnsigned(b, b.imm('UI'))),
  row('cmpl', 'X: 31 BF / L RA RB 32 /', 'BF,L,RA,RB', (b) => compareUnsigned(b, extendedTo(b, b.gpr('RB'), low32))),

  // Is the low byte of RA within one of the (one or two) ranges in RB, equal to any byte of RB?
  row('cmprb', 'X: 31 BF / L RA RB 192 /', 'BF,L,RA,RB', (b) => {
    const byte = b.let(and(b.gpr('RA'), 0xff));
    const ranges = b.gpr('RB');
    const within = (shift: number) =>
      and(geU(byte, and(shr(ranges, shift), 0xff)), leU(byte, and(shr(ranges, shift + 8), 0xff)));
    const found = or(within(0), and(b.field('L'), within(16)));
    b.setCrField(b.field('BF'), shl(found, 2));
  }),
  row('cmpeqb', 'X: 31 BF // RA RB 224 /', 'BF,RA,RB', (b) => {
    const byte = b.let(and(b.gpr('RA'), 0xff));
    const bytes = b.gpr('RB');
    const found = [0, 8, 16, 24, 32, 40, 48, 56]
      .map((shift) => eq(and(shr(bytes, shift), 0xff), byte))
      .reduce((any, one) => or(any, one));
    b.setCrField(b.field('BF'), shl(found, 2));
  }),

  trap('twi', 'D: 3 TO RA SI', 'TO,RA,SI', (b) => trapIf(b, extend32(b.gpr('RA')), b.imm('SI'), low32)),
  trap('tw', 'X: 31 TO RA RB 4 /', 'TO,RA,RB', (b) => trapIf(b, extend32(b.gpr('RA')), extend32(b.gpr('RB')), low32)),
  trap('tdi', 'D: 2 TO RA SI', 'TO,RA,SI', (b) => trapIf(b, b.gpr('RA'), b.imm('SI'), (x) => x)),
  trap('td', 'X: 31 TO RA RB 68 /', 'TO,RA,RB', (b) => trapIf(b, b.gpr('RA'), b.gpr('RB'), (x) => x)),

  row('isel', 'A: 31 RT RA RB BC 15 /', 'RT,RA0,RB,BC', (b) =>
    b.setGpr('RT', select(b.crBit(b.field('BC')), b.gprOrZero('RA'), b.gpr('RB'))),
  ),
  row('setb', 'X: 31 RT BFA /// 128 /', 'RT,BFA', (b) => {
    const field = b.let(b.crField(b.field('BFA')));
    b.setGpr('RT', select(and(field, 8), i64(-1), select(and(field, 4), i64(1), 0)));
  }),
].flat();

function extendedTo(b: Builder, value: I64, narrow: (value: I64) => I64): I64 {
  return select(b.field('L'), value, narrow(value));
}

function compareSigned(b: Builder, y: I64): void {
  const x = extendedTo(b, b.gpr('RA'), extend32);
  b.setCrField(b.field('BF'), b.comparison(ltS(x, y), gtS(x, y)));
}

function compareUnsigned(b: Builder, y: I64): void {
  const x = extendedTo(b, b.gpr('RA'), low32);
  b.setCrField(b.field('BF'), b.comparison(ltU(x, y), gtU(x, y)));
}

/** TO selects, from its most significant bit on: less, greater, equal, logically less, logically greater. */
function trapIf(b: Builder, x: I64, y: I64, unsigned: (value: I64) => I64): void {
  const [ux, uy] = [unsigned(x), unsigned(y)];
  const conditions = [ltS(x, y), gtS(x, y), eq(x, y), ltU(ux, uy), gtU(ux, uy)];
  const met = conditions.reduce<I32>((mask, condition) => or(shl(mask, 1), condition), i32(0));
  b.if(and(b.field('TO'), met), () => b.interrupt(VECTOR.program, { srr1: PROGRAM.TRAP }));
}
