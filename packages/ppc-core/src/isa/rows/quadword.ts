import type { Builder, GprField } from '../../ir/builder.ts';
import { add, and, type I32, type I64, or } from '../../ir/expr.ts';
import { rowMaker } from '../row.ts';

const load = rowMaker({ footprint: 'load' });
const store = rowMaker({ footprint: 'store' });

/**
 * Power ISA 3.0B, Book I, 3.3.2.1 lq and 3.3.3.1 stq: an even register and the odd one after it, the even one the more
 * significant in either byte order. The ISA calls odd numbers, and for loads RT=RA, invalid: the number's last bit is
 * ignored, and RT=RA executed. An address that is no multiple of 16 may raise the alignment interrupt; here it does not.
 */
export const quadword = [
  load('lq', 'DQ: 56 RT RA DQ ////', 'RT,DQ(RA0)', (b) => setPair(b, 'RT', b.loadQuadword(address(b, b.imm('DQ'))))),
  store('stq', 'DS: 62 RS RA DS 2', 'RS,DS(RA0)', (b) => b.storeQuadword(address(b, b.imm('DS')), ...pair(b, 'RS'))),
].flat();

function address(b: Builder, displacement: I64): I64 {
  return b.ea(add(b.gprOrZero('RA'), displacement));
}

/** The doublewords of a register pair, the more significant first. */
export function pair(b: Builder, field: GprField): readonly [high: I64, low: I64] {
  const even = evenNumber(b, field);
  return [b.gprAt(even), b.gprAt(or(even, 1))];
}

/** Sets a register pair. */
export function setPair(b: Builder, field: GprField, [high, low]: readonly [high: I64, low: I64]): void {
  const even = evenNumber(b, field);
  b.setGprAt(even, high);
  b.setGprAt(or(even, 1), low);
}

function evenNumber(b: Builder, field: GprField): I32 {
  return and(b.field(field), ~1);
}
