import type { Builder } from '../../ir/builder.ts';
import { add, and, eqz, type I32, type I64, low32, ne, or, select, shr, sub, xor } from '../../ir/expr.ts';
import { rowMaker } from '../row.ts';

const row = rowMaker({ footprint: 'branch' });

/**
 * Power ISA 3.0B, Book I, 2.4 "Branch Instructions".
 *
 * BO, from its most significant bit on: do not test the CR bit; the value it must have; do not decrement CTR; whether CTR
 * must have become zero; a hint.
 */
export const branch = [
  row('b', 'I: 18 LI AA LK', 'LI', (b) => {
    b.branch(relativeOrAbsolute(b, b.imm('LI')));
    link(b);
  }),
  row('bc', 'B: 16 BO BI BD AA LK', 'BO,BI,BD', (b) => {
    b.if(and(counterAllows(b), conditionHolds(b)), () => b.branch(relativeOrAbsolute(b, b.imm('BD'))));
    link(b);
  }),
  row('bclr', 'XL: 19 BO BI /// BH 16 LK', 'BO,BI,[BH]', (b) => toRegister(b, 'lr')),
  row('bctar', 'XL: 19 BO BI /// BH 560 LK', 'BO,BI,[BH]', (b) => toRegister(b, 'tar')),
  // Decrementing the counter that it branches to is an invalid form: the counter is left alone.
  row('bcctr', 'XL: 19 BO BI /// BH 528 LK', 'BO,BI,[BH]', (b) => {
    b.if(conditionHolds(b), () => b.branch(and(b.reg('ctr'), ~3)));
    link(b);
  }),
].flat();

function relativeOrAbsolute(b: Builder, displacement: I64): I64 {
  return b.variant.AA ? displacement : add(b.cia(), displacement);
}

function toRegister(b: Builder, register: 'lr' | 'tar'): void {
  const target = b.let(and(b.reg(register), ~3));
  b.if(and(counterAllows(b), conditionHolds(b)), () => b.branch(target));
  link(b);
}

function link(b: Builder): void {
  if (b.variant.LK) b.setReg('lr', b.nia());
}

/** Decrements CTR unless BO says not to, and compares it with zero: its low half in 32-bit mode. */
function counterAllows(b: Builder): I32 {
  const bo = b.field('BO');
  const ignored = and(bo, 4);
  b.if(eqz(ignored), () => b.setReg('ctr', sub(b.reg('ctr'), 1)));
  const counter = b.reg('ctr');
  const left = select(b.is64Bit(), counter, low32(counter));
  return b.let(or(ne(ignored, 0), xor(ne(left, 0), and(shr(bo, 1), 1))));
}

function conditionHolds(b: Builder): I32 {
  const bo = b.field('BO');
  return or(ne(and(bo, 16), 0), eqz(xor(b.crBit(b.field('BI')), and(shr(bo, 3), 1))));
}
