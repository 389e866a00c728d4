import type { Builder, GprField } from '../../ir/builder.ts';
import {
  add,
  and,
  eq,
  eqz,
  geU,
  type I32,
  type I64,
  i32,
  i64,
  ltU,
  mul,
  ne,
  or,
  select,
  shl,
  shr,
  sub,
} from '../../ir/expr.ts';
import { rowMaker } from '../row.ts';

const load = rowMaker({ footprint: 'load' });
const store = rowMaker({ footprint: 'store' });

/**
 * Power ISA 3.0B, Book I, 3.3.7 "Fixed-Point Move Assist Instructions": bytes of consecutive memory, four to a register
 * from its bit 32 on, r0 after r31. Registers that the bytes of a load do not fill are filled up with zeros.
 *
 * Forms that load their own address registers are invalid; as with lmw these registers are left alone, so that the
 * instruction can start over after a fault.
 */
export const strings = [
  load('lswi', 'X: 31 RT RA NB 597 /', 'RT,RA0,NB', (b) => loadString(b, b.ea(b.gprOrZero('RA')), b.imm('NB'))),
  load('lswx', 'X: 31 RT RA RB 533 /', 'RT,RA0,RB', (b) =>
    loadString(b, b.indexed(), xerCount(b), (number) => eq(number, b.field('RB'))),
  ),
  store('stswi', 'X: 31 RS RA NB 725 /', 'RS,RA0,NB', (b) => storeString(b, b.ea(b.gprOrZero('RA')), b.imm('NB'))),
  store('stswx', 'X: 31 RS RA RB 661 /', 'RS,RA0,RB', (b) => storeString(b, b.indexed(), xerCount(b))),
].flat();

/** XER bits 57 to 63, the number of bytes of the indexed forms. */
function xerCount(b: Builder): I64 {
  return b.let(and(b.reg('xer'), 0x7f));
}

function loadString(b: Builder, address: I64, count: I64, isIndex: (number: I32) => I32 = () => i32(0)): void {
  move(b, 'RT', address, count, (number, ea, left) => {
    const word = b.variable(i64(0));
    b.if(
      geU(left, 4),
      () => b.assign(word, b.load(4, ea)),
      () => eachByte(b, left, ea, (at, shift) => b.assign(word, or(word, shl(b.load(1, at), shift)))),
    );
    const isBase = and(eq(number, b.field('RA')), ne(number, 0));
    b.if(eqz(or(isBase, isIndex(number))), () => b.setGprAt(number, word));
  });
}

function storeString(b: Builder, address: I64, count: I64): void {
  move(b, 'RS', address, count, (number, ea, left) => {
    const word = b.let(b.gprAt(number));
    b.if(
      geU(left, 4),
      () => b.store(4, ea, word),
      () => eachByte(b, left, ea, (at, shift) => b.store(1, at, shr(word, shift))),
    );
  });
}

/** Register after register, as long as bytes are left; nothing at all, not even an interrupt, if there are none. */
function move(
  b: Builder,
  first: GprField,
  address: I64,
  count: I64,
  access: (number: I32, ea: I64, left: I64) => void,
): void {
  const ea = b.variable(address);
  const left = b.variable(count);
  const number = b.variable(b.field(first));
  b.if(ne(left, 0), () => {
    b.if(b.isLittleEndian(), () => b.alignmentInterrupt(ea));
    b.loop(() => {
      access(number, ea, left);
      b.assign(number, and(add(number, 1), 31));
      b.assign(ea, b.ea(add(ea, 4)));
      b.assign(left, select(geU(left, 4), sub(left, 4), 0));
      return ne(left, 0);
    });
  });
}

/** One to three bytes: where each is, and its place in the word. */
function eachByte(b: Builder, count: I64, ea: I64, access: (at: I64, shift: I64) => void): void {
  const index = b.variable(i64(0));
  b.loop(() => {
    access(b.ea(add(ea, index)), sub(i64(24), mul(index, 8)));
    b.assign(index, add(index, 1));
    return ltU(index, count);
  });
}
