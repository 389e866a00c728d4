import type { Builder } from '../../ir/builder.ts';
import { and, bit, type I32, type I64, i64, not, or, select, shl, sub, xor, zeroExtend } from '../../ir/expr.ts';
import { XER } from '../../state.ts';
import { rowMaker } from '../row.ts';

const row = rowMaker({ footprint: 'registers' });

/** Power ISA 3.0B, Book I, 2.5 "Condition Register Instructions" and 3.3.17 moves to and from CR. */
export const conditionRegister = [
  row('crand', 'XL: 19 BT BA BB 257 /', 'BT,BA,BB', (b) => combine(b, (x, y) => and(x, y))),
  row('crnand', 'XL: 19 BT BA BB 225 /', 'BT,BA,BB', (b) => combine(b, (x, y) => not(and(x, y)))),
  row('cror', 'XL: 19 BT BA BB 449 /', 'BT,BA,BB', (b) => combine(b, (x, y) => or(x, y))),
  row('crxor', 'XL: 19 BT BA BB 193 /', 'BT,BA,BB', (b) => combine(b, (x, y) => xor(x, y))),
  row('crnor', 'XL: 19 BT BA BB 33 /', 'BT,BA,BB', (b) => combine(b, (x, y) => not(or(x, y)))),
  row('creqv', 'XL: 19 BT BA BB 289 /', 'BT,BA,BB', (b) => combine(b, (x, y) => not(xor(x, y)))),
  row('crandc', 'XL: 19 BT BA BB 129 /', 'BT,BA,BB', (b) => combine(b, (x, y) => and(x, not(y)))),
  row('crorc', 'XL: 19 BT BA BB 417 /', 'BT,BA,BB', (b) => combine(b, (x, y) => or(x, not(y)))),
  row('mcrf', 'XL: 19 BF // BFA /// 0 /', 'BF,BFA', (b) => b.setCrField(b.field('BF'), b.crField(b.field('BFA')))),
  row('mcrxrx', 'X: 31 BF /// 576 /', 'BF', (b) => {
    const xer = b.reg('xer');
    const bits = [XER.OV, XER.OV32, XER.CA, XER.CA32].map((position) => bit(xer, position));
    b.setCrField(
      b.field('BF'),
      bits.reduce((field, on) => or(shl(field, 1), on)),
    );
  }),

  // FXM names the fields, CR0 by its most significant bit. The forms for one field leave the rest alone, or zero.
  row('mtcrf', 'XFX: 31 RS 0:1 FXM / 144 /', 'FXM,RS', moveToCr),
  row('mtocrf', 'XFX: 31 RS 1:1 FXM / 144 /', 'FXM,RS', moveToCr),
  row('mfcr', 'XFX: 31 RT 0:1 /// 19 /', 'RT', (b) => b.setGpr('RT', b.reg('cr'))),
  row('mfocrf', 'XFX: 31 RT 1:1 FXM / 19 /', 'RT,FXM', (b) => b.setGpr('RT', and(b.reg('cr'), fieldsOf(b)))),
].flat();

function combine(b: Builder, operation: (x: I32, y: I32) => I32): void {
  const value = b.let(and(operation(b.crBit(b.field('BA')), b.crBit(b.field('BB'))), 1));
  const left = b.let(sub(i64(31), zeroExtend(b.field('BT'))));
  b.setReg('cr', or(and(b.reg('cr'), not(shl(i64(1), left))), shl(zeroExtend(value), left)));
}

function moveToCr(b: Builder): void {
  const fields = b.let(fieldsOf(b));
  b.setReg('cr', or(and(b.gpr('RS'), fields), and(b.reg('cr'), not(fields))));
}

/** Ones in the CR fields that FXM names. */
function fieldsOf(b: Builder): I64 {
  const named = b.field('FXM');
  return [0, 1, 2, 3, 4, 5, 6, 7]
    .map((n) => select(and(named, 1 << n), i64(0xf * 16 ** n), 0))
    .reduce((all, one) => or(all, one));
}
