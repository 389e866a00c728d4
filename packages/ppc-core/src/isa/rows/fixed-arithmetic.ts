import type { Builder } from '../../ir/builder.ts';
import {
  add,
  and,
  divS,
  divU,
  eq,
  eqz,
  extend32,
  geU,
  gtU,
  type I32,
  type I64,
  i64,
  low32,
  ltS,
  mul,
  ne,
  neg,
  not,
  or,
  remS,
  remU,
  sar,
  select,
  shl,
  shr,
  sub,
  xor,
  zeroExtend,
} from '../../ir/expr.ts';
import { carriesOf } from '../carries.ts';
import { rowMaker } from '../row.ts';

const row = rowMaker({ footprint: 'registers' });

/** Power ISA 3.0B, Book I, 3.3.9 "Fixed-Point Arithmetic Instructions". */
export const fixedArithmetic = [
  // Add and subtract. Subtracting adds the complement: RB - RA is ¬RA + RB + 1.
  row('addi', 'D: 14 RT RA SI', 'RT,RA0,SI', (b) => b.setGpr('RT', add(b.gprOrZero('RA'), b.imm('SI')))),
  row('addis', 'D: 15 RT RA SI', 'RT,RA0,SI', (b) => b.setGpr('RT', add(b.gprOrZero('RA'), shl(b.imm('SI'), 16)))),
  row('addpcis', 'DX: 19 RT DX 2 DX', 'RT,DX', (b) => b.setGpr('RT', add(b.nia(), shl(b.imm('DX'), 16)))),
  row('add', 'XO: 31 RT RA RB OE 266 Rc', 'RT,RA,RB', (b) => sum(b, b.gpr('RA'), b.gpr('RB'), i64(0))),
  row('subf', 'XO: 31 RT RA RB OE 40 Rc', 'RT,RA,RB', (b) => sum(b, not(b.gpr('RA')), b.gpr('RB'), i64(1))),
  row('neg', 'XO: 31 RT RA /// OE 104 Rc', 'RT,RA', (b) => sum(b, not(b.gpr('RA')), i64(0), i64(1))),

  // The same with XER[CA] set
  row('addic', 'D: 12 RT RA SI', 'RT,RA,SI', (b) => carryingSum(b, b.gpr('RA'), b.imm('SI'), i64(0))),
  row('addic.', 'D: 13 RT RA SI', 'RT,RA,SI', (b) => b.recordCr0(carryingSum(b, b.gpr('RA'), b.imm('SI'), i64(0)))),
  row('subfic', 'D: 8 RT RA SI', 'RT,RA,SI', (b) => carryingSum(b, not(b.gpr('RA')), b.imm('SI'), i64(1))),
  row('addc', 'XO: 31 RT RA RB OE 10 Rc', 'RT,RA,RB', (b) => carryingSum(b, b.gpr('RA'), b.gpr('RB'), i64(0))),
  row('subfc', 'XO: 31 RT RA RB OE 8 Rc', 'RT,RA,RB', (b) => carryingSum(b, not(b.gpr('RA')), b.gpr('RB'), i64(1))),

  // The same with XER[CA] added
  row('adde', 'XO: 31 RT RA RB OE 138 Rc', 'RT,RA,RB', (b) => carryingSum(b, b.gpr('RA'), b.gpr('RB'), b.carry())),
  row('subfe', 'XO: 31 RT RA RB OE 136 Rc', 'RT,RA,RB', (b) =>
    carryingSum(b, not(b.gpr('RA')), b.gpr('RB'), b.carry()),
  ),
  row('addme', 'XO: 31 RT RA /// OE 234 Rc', 'RT,RA', (b) => carryingSum(b, b.gpr('RA'), i64(-1), b.carry())),
  row('subfme', 'XO: 31 RT RA /// OE 232 Rc', 'RT,RA', (b) => carryingSum(b, not(b.gpr('RA')), i64(-1), b.carry())),
  row('addze', 'XO: 31 RT RA /// OE 202 Rc', 'RT,RA', (b) => carryingSum(b, b.gpr('RA'), i64(0), b.carry())),
  row('subfze', 'XO: 31 RT RA /// OE 200 Rc', 'RT,RA', (b) => carryingSum(b, not(b.gpr('RA')), i64(0), b.carry())),

  // OV is the carry, both ways, and SO stays as it is. Only CY=0 is defined; the others do the same here.
  row('addex', 'Z23: 31 RT RA RB CY 170 /', 'RT,RA,RB,CY', (b) => {
    const [x, y] = [b.gpr('RA'), b.gpr('RB')];
    const result = b.let(add(add(x, y), b.carry('OV')));
    b.setCarry(carriesOf(x, y, result), 'OV');
    b.setGpr('RT', result);
  }),

  // Multiply words
  row('mulli', 'D: 7 RT RA SI', 'RT,RA,SI', (b) => b.setGpr('RT', mul(b.gpr('RA'), b.imm('SI')))),
  row('mullw', 'XO: 31 RT RA RB OE 235 Rc', 'RT,RA,RB', (b) => {
    const product = b.let(mul(extend32(b.gpr('RA')), extend32(b.gpr('RB'))));
    overflowIf(b, ne(product, extend32(product)));
    b.result('RT', product);
  }),
  row('mulhw', 'XO: 31 RT RA RB / 75 Rc', 'RT,RA,RB', (b) =>
    b.result('RT', inBothHalves(b, shr(mul(extend32(b.gpr('RA')), extend32(b.gpr('RB'))), 32))),
  ),
  row('mulhwu', 'XO: 31 RT RA RB / 11 Rc', 'RT,RA,RB', (b) =>
    b.result('RT', inBothHalves(b, shr(mul(low32(b.gpr('RA')), low32(b.gpr('RB'))), 32))),
  ),

  // Multiply doublewords
  row('mulld', 'XO: 31 RT RA RB OE 233 Rc', 'RT,RA,RB', (b) => {
    const [x, y] = [b.gpr('RA'), b.gpr('RB')];
    const product = b.let(mul(x, y));
    if (b.variant.OE) overflowIf(b, ne(mulHighSigned(b, x, y), sar(product, 63)));
    b.result('RT', product);
  }),
  row('mulhd', 'XO: 31 RT RA RB / 73 Rc', 'RT,RA,RB', (b) =>
    b.result('RT', mulHighSigned(b, b.gpr('RA'), b.gpr('RB'))),
  ),
  row('mulhdu', 'XO: 31 RT RA RB / 9 Rc', 'RT,RA,RB', (b) => b.result('RT', mulHigh(b, b.gpr('RA'), b.gpr('RB')))),
  row('maddhd', 'VA: 4 RT RA RB RC 48', 'RT,RA,RB,RC', (b) => {
    const [x, y, z] = [b.gpr('RA'), b.gpr('RB'), b.gpr('RC')];
    const low = b.let(mul(x, y));
    const carry = zeroExtend(gtU(low, add(low, z)));
    b.setGpr('RT', add(add(mulHighSigned(b, x, y), sar(z, 63)), carry));
  }),
  row('maddhdu', 'VA: 4 RT RA RB RC 49', 'RT,RA,RB,RC', (b) => {
    const [x, y, z] = [b.gpr('RA'), b.gpr('RB'), b.gpr('RC')];
    const low = b.let(mul(x, y));
    b.setGpr('RT', add(mulHigh(b, x, y), zeroExtend(gtU(low, add(low, z)))));
  }),
  row('maddld', 'VA: 4 RT RA RB RC 51', 'RT,RA,RB,RC', (b) =>
    b.setGpr('RT', add(mul(b.gpr('RA'), b.gpr('RB')), b.gpr('RC'))),
  ),

  // Divide words. What the ISA leaves undefined, RT where there is no quotient and its high half, is zero, as in microwatt.
  row('divw', 'XO: 31 RT RA RB OE 491 Rc', 'RT,RA,RB', (b) =>
    divideSigned(b, extend32(b.gpr('RA')), extend32(b.gpr('RB')), -0x8000_0000n, low32),
  ),
  row('divwu', 'XO: 31 RT RA RB OE 459 Rc', 'RT,RA,RB', (b) =>
    divideUnsigned(b, low32(b.gpr('RA')), low32(b.gpr('RB'))),
  ),
  row('divwe', 'XO: 31 RT RA RB OE 427 Rc', 'RT,RA,RB', (b) => {
    const dividend = b.let(shl(b.gpr('RA'), 32));
    const divisor = b.let(extend32(b.gpr('RB')));
    const impossible = b.let(or(eqz(divisor), and(eq(divisor, -1), eq(dividend, MOST_NEGATIVE))));
    const quotient = b.let(divS(dividend, select(impossible, i64(1), divisor)));
    quotientOr(b, or(impossible, ne(quotient, extend32(quotient))), low32(quotient));
  }),
  row('divweu', 'XO: 31 RT RA RB OE 395 Rc', 'RT,RA,RB', (b) => {
    const dividend = b.let(shl(b.gpr('RA'), 32));
    const divisor = b.let(low32(b.gpr('RB')));
    const quotient = b.let(divU(dividend, select(eqz(divisor), i64(1), divisor)));
    quotientOr(b, or(eqz(divisor), ne(quotient, low32(quotient))), quotient);
  }),
  row('modsw', 'X: 31 RT RA RB 779 /', 'RT,RA,RB', (b) =>
    remainderSigned(b, extend32(b.gpr('RA')), extend32(b.gpr('RB')), -0x8000_0000n, extend32),
  ),
  row('moduw', 'X: 31 RT RA RB 267 /', 'RT,RA,RB', (b) => remainderUnsigned(b, low32(b.gpr('RA')), low32(b.gpr('RB')))),

  // Divide doublewords
  row('divd', 'XO: 31 RT RA RB OE 489 Rc', 'RT,RA,RB', (b) =>
    divideSigned(b, b.gpr('RA'), b.gpr('RB'), MOST_NEGATIVE, (x) => x),
  ),
  row('divdu', 'XO: 31 RT RA RB OE 457 Rc', 'RT,RA,RB', (b) => divideUnsigned(b, b.gpr('RA'), b.gpr('RB'))),
  row('divde', 'XO: 31 RT RA RB OE 425 Rc', 'RT,RA,RB', (b) => {
    const [dividend, divisor] = [b.gpr('RA'), b.gpr('RB')];
    const negative = b.let(ltS(xor(dividend, divisor), 0));
    const quotient = b.let(divideExtended(b, magnitude(dividend), magnitude(divisor)));
    const signed = b.let(select(negative, neg(quotient), quotient));
    // The magnitude must leave a quotient of 64 bits, and its sign must come out right.
    const tooBig = or(geU(magnitude(dividend), magnitude(divisor)), and(ne(signed, 0), ne(ltS(signed, 0), negative)));
    quotientOr(b, tooBig, signed);
  }),
  row('divdeu', 'XO: 31 RT RA RB OE 393 Rc', 'RT,RA,RB', (b) => {
    const [dividend, divisor] = [b.gpr('RA'), b.gpr('RB')];
    quotientOr(b, geU(dividend, divisor), divideExtended(b, dividend, divisor));
  }),
  row('modsd', 'X: 31 RT RA RB 777 /', 'RT,RA,RB', (b) =>
    remainderSigned(b, b.gpr('RA'), b.gpr('RB'), MOST_NEGATIVE, (x) => x),
  ),
  row('modud', 'X: 31 RT RA RB 265 /', 'RT,RA,RB', (b) => remainderUnsigned(b, b.gpr('RA'), b.gpr('RB'))),
].flat();

const MOST_NEGATIVE = -(2n ** 63n);

/** RT = x + y + carryIn, with the overflows of either width. */
function sum(b: Builder, x: I64, y: I64, carryIn: I64): I64 {
  const result = b.let(add(add(x, y), carryIn));
  b.setOverflow(and(xor(x, result), xor(y, result)));
  b.result('RT', result);
  return result;
}

/** The same, with the carries out of bits 0 and 32. */
function carryingSum(b: Builder, x: I64, y: I64, carryIn: I64): I64 {
  const result = b.let(add(add(x, y), carryIn));
  b.setCarry(carriesOf(x, y, result));
  return sum(b, x, y, carryIn);
}

/** OV and OV32 alike. */
function overflowIf(b: Builder, condition: I32): void {
  b.setOverflow(select(condition, i64(-1), 0));
}

/** The ISA leaves the high half of RT undefined after mulhw: the word is repeated there, as in microwatt. */
function inBothHalves(b: Builder, word: I64): I64 {
  const low = b.let(low32(word));
  return or(low, shl(low, 32));
}

/** High doubleword of the unsigned product, from products of halves. */
function mulHigh(b: Builder, x: I64, y: I64): I64 {
  const [x0, x1, y0, y1] = [low32(x), shr(x, 32), low32(y), shr(y, 32)];
  const middle = b.let(add(mul(x1, y0), shr(mul(x0, y0), 32)));
  const other = b.let(add(mul(x0, y1), low32(middle)));
  return b.let(add(add(mul(x1, y1), shr(middle, 32)), shr(other, 32)));
}

/** High doubleword of the signed product. */
function mulHighSigned(b: Builder, x: I64, y: I64): I64 {
  return b.let(sub(sub(mulHigh(b, x, y), and(sar(x, 63), y)), and(sar(y, 63), x)));
}

/** RT = quotient, or zero with an overflow where there is none. */
function quotientOr(b: Builder, impossible: I32, quotient: I64): void {
  const none = b.let(impossible);
  overflowIf(b, none);
  b.result('RT', select(none, i64(0), quotient));
}

type Narrow = (value: I64) => I64;

function divideSigned(b: Builder, dividend: I64, divisor: I64, lowest: bigint, narrow: Narrow): void {
  const impossible = b.let(or(eqz(divisor), and(eq(divisor, -1), eq(dividend, lowest))));
  quotientOr(b, impossible, narrow(divS(dividend, select(impossible, i64(1), divisor))));
}

function divideUnsigned(b: Builder, dividend: I64, divisor: I64): void {
  quotientOr(b, eqz(divisor), divU(dividend, select(eqz(divisor), i64(1), divisor)));
}

function remainderSigned(b: Builder, dividend: I64, divisor: I64, lowest: bigint, narrow: Narrow): void {
  const impossible = b.let(or(eqz(divisor), and(eq(divisor, -1), eq(dividend, lowest))));
  b.setGpr('RT', select(impossible, i64(0), narrow(remS(dividend, select(impossible, i64(1), divisor)))));
}

function remainderUnsigned(b: Builder, dividend: I64, divisor: I64): void {
  b.setGpr('RT', select(eqz(divisor), i64(0), remU(dividend, select(eqz(divisor), i64(1), divisor))));
}

function magnitude(value: I64): I64 {
  return select(ltS(value, 0), neg(value), value);
}

/** Quotient of the 128-bit dividend (high, zeros) for high < divisor: one bit at a time, as on paper. */
function divideExtended(b: Builder, high: I64, by: I64): I64 {
  const divisor = b.let(by);
  const remainder = b.variable(high);
  const quotient = b.variable(i64(0));
  b.repeat(64, () => {
    const shifted = b.let(shl(remainder, 1));
    // The bit shifted out makes the remainder greater than any divisor.
    const fits = b.let(or(ltS(remainder, 0), geU(shifted, divisor)));
    b.assign(remainder, sub(shifted, select(fits, divisor, 0)));
    b.assign(quotient, or(shl(quotient, 1), zeroExtend(fits)));
  });
  return quotient;
}
