import type { Builder } from '../../ir/builder.ts';
import {
  add,
  and,
  extend32,
  gtU,
  type I64,
  i64,
  low32,
  ltS,
  mask,
  ne,
  not,
  or,
  rotl,
  sar,
  select,
  shl,
  shr,
  sub,
} from '../../ir/expr.ts';
import { rowMaker } from '../row.ts';

const row = rowMaker({ footprint: 'registers' });

/** Power ISA 3.0B, Book I, 3.3.14 "Fixed-Point Rotate and Shift Instructions". */
export const rotate = [
  // Rotate words: the word is repeated in the high half, and the mask may wrap around through it.
  row('rlwinm', 'M: 21 RS RA SH MB ME Rc', 'RA,RS,SH,MB,ME', (b) =>
    b.result('RA', and(rotateWord(b, b.imm('SH')), wordMask(b))),
  ),
  row('rlwnm', 'M: 23 RS RA RB MB ME Rc', 'RA,RS,RB,MB,ME', (b) =>
    b.result('RA', and(rotateWord(b, b.gpr('RB')), wordMask(b))),
  ),
  row('rlwimi', 'M: 20 RS RA SH MB ME Rc', 'RA,RS,SH,MB,ME', (b) =>
    b.result('RA', insert(b, rotateWord(b, b.imm('SH')), wordMask(b))),
  ),

  // Rotate doublewords, then clear to the left or right of a bit
  row('rldicl', 'MD: 30 RS RA sh mb 0 sh Rc', 'RA,RS,sh,mb', (b) =>
    b.result('RA', and(rotl(b.gpr('RS'), b.imm('sh')), mask(b.imm('mb'), i64(63)))),
  ),
  row('rldicr', 'MD: 30 RS RA sh me 1 sh Rc', 'RA,RS,sh,me', (b) =>
    b.result('RA', and(rotl(b.gpr('RS'), b.imm('sh')), mask(i64(0), b.imm('me')))),
  ),
  row('rldic', 'MD: 30 RS RA sh mb 2 sh Rc', 'RA,RS,sh,mb', (b) =>
    b.result('RA', and(rotl(b.gpr('RS'), b.imm('sh')), mask(b.imm('mb'), sub(i64(63), b.imm('sh'))))),
  ),
  row('rldimi', 'MD: 30 RS RA sh mb 3 sh Rc', 'RA,RS,sh,mb', (b) =>
    b.result('RA', insert(b, rotl(b.gpr('RS'), b.imm('sh')), mask(b.imm('mb'), sub(i64(63), b.imm('sh'))))),
  ),
  row('rldcl', 'MDS: 30 RS RA RB mb 8 Rc', 'RA,RS,RB,mb', (b) =>
    b.result('RA', and(rotl(b.gpr('RS'), b.gpr('RB')), mask(b.imm('mb'), i64(63)))),
  ),
  row('rldcr', 'MDS: 30 RS RA RB me 9 Rc', 'RA,RS,RB,me', (b) =>
    b.result('RA', and(rotl(b.gpr('RS'), b.gpr('RB')), mask(i64(0), b.imm('me')))),
  ),

  // Shift words by 0 to 63, doublewords by 0 to 127
  row('slw', 'X: 31 RS RA RB 24 Rc', 'RA,RS,RB', (b) =>
    b.result('RA', low32(shiftOut(b, shl, low32(b.gpr('RS')), 64))),
  ),
  row('srw', 'X: 31 RS RA RB 536 Rc', 'RA,RS,RB', (b) => b.result('RA', shiftOut(b, shr, low32(b.gpr('RS')), 64))),
  row('sraw', 'X: 31 RS RA RB 792 Rc', 'RA,RS,RB', (b) =>
    shiftAlgebraic(b, extend32(b.gpr('RS')), and(b.gpr('RB'), 63)),
  ),
  row('srawi', 'X: 31 RS RA SH 824 Rc', 'RA,RS,SH', (b) => shiftAlgebraic(b, extend32(b.gpr('RS')), b.imm('SH'))),
  row('sld', 'X: 31 RS RA RB 27 Rc', 'RA,RS,RB', (b) => b.result('RA', shiftOut(b, shl, b.gpr('RS'), 128))),
  row('srd', 'X: 31 RS RA RB 539 Rc', 'RA,RS,RB', (b) => b.result('RA', shiftOut(b, shr, b.gpr('RS'), 128))),
  row('srad', 'X: 31 RS RA RB 794 Rc', 'RA,RS,RB', (b) => shiftAlgebraic(b, b.gpr('RS'), and(b.gpr('RB'), 127))),
  row('sradi', 'XS: 31 RS RA sh 413 sh Rc', 'RA,RS,sh', (b) => shiftAlgebraic(b, b.gpr('RS'), b.imm('sh'))),
  row('extswsli', 'XS: 31 RS RA sh 445 sh Rc', 'RA,RS,sh', (b) =>
    b.result('RA', shl(extend32(b.gpr('RS')), b.imm('sh'))),
  ),
].flat();

/** ROTL32: the low word of RS, twice, rotated. */
function rotateWord(b: Builder, by: I64): I64 {
  const word = b.let(low32(b.gpr('RS')));
  return rotl(or(word, shl(word, 32)), and(by, 31));
}

function wordMask(b: Builder): I64 {
  return mask(add(b.imm('MB'), 32), add(b.imm('ME'), 32));
}

/** Under the mask the value, elsewhere what RA holds. */
function insert(b: Builder, value: I64, under: I64): I64 {
  const ones = b.let(under);
  return or(and(value, ones), and(b.gpr('RA'), not(ones)));
}

/** Shifts by RB modulo `range`; a count with the upper half of the range set leaves nothing. */
function shiftOut(b: Builder, shift: typeof shl, value: I64, range: 64 | 128): I64 {
  const count = b.let(and(b.gpr('RB'), range - 1));
  return select(gtU(count, range / 2 - 1), i64(0), shift(value, count));
}

/** Shifts with the sign; CA and CA32 tell whether the value was negative and ones were lost. */
function shiftAlgebraic(b: Builder, value: I64, by: I64): void {
  const count = b.let(by);
  const all = gtU(count, 63);
  const shifted = b.let(select(all, sar(value, 63), sar(value, count)));
  const lost = ne(select(all, value, and(value, not(shl(i64(-1), count)))), 0);
  b.setCarry(select(and(ltS(value, 0), lost), i64(-1), 0));
  b.result('RA', shifted);
}
