import type { Builder } from '../../ir/builder.ts';
import { add, and, type I64, mul, not, or, shl, shr, xor } from '../../ir/expr.ts';
import { carriesOf } from '../carries.ts';
import { rowMaker } from '../row.ts';

const row = rowMaker({ footprint: 'registers' });

/**
 * Power ISA 3.0B, Book I, 3.3.15 "BCD Assist Instructions". Each word has two groups: declets of ten bits, or three decimal
 * digits of four. All four groups are converted at once, each in a lane of 16 bits.
 */
export const binaryCodedDecimal = [
  row('cdtbcd', 'X: 31 RS RA /// 282 /', 'RA,RS', (b) =>
    b.setGpr('RA', fromLanes(12, digitsOf(b, inLanes(10, b.gpr('RS'))))),
  ),
  // What the ISA leaves undefined, digits above nine, goes through the same equations.
  row('cbcdtd', 'X: 31 RS RA /// 314 /', 'RA,RS', (b) =>
    b.setGpr('RA', fromLanes(10, decletOf(b, inLanes(12, b.gpr('RS'))))),
  ),
  // Six in every digit that the sum does not carry out of
  row('addg6s', 'XO: 31 RT RA RB / 74 /', 'RT,RA,RB', (b) => {
    const [x, y] = [b.gpr('RA'), b.gpr('RB')];
    const carries = carriesOf(x, y, b.let(add(x, y)));
    b.setGpr('RT', mul(and(not(shr(carries, 3)), 0x1111_1111_1111_1111n), 6));
  }),
].flat();

const LANES = 0x0001_0001_0001_0001n;

/** Where the groups of a width stand in a doubleword, counted from its least significant bit. */
const places = (width: number): number[] => [0, width, 32, 32 + width];

function inLanes(width: number, value: I64): I64 {
  const ones = 2 ** width - 1;
  return any(...places(width).map((from, lane) => shl(and(shr(value, from), ones), 16 * lane)));
}

function fromLanes(width: number, value: I64): I64 {
  const ones = 2 ** width - 1;
  return any(...places(width).map((to, lane) => shl(and(shr(value, 16 * lane), ones), to)));
}

const any = (...values: readonly I64[]): I64 => values.reduce((x, y) => or(x, y));
const all = (...values: readonly I64[]): I64 => values.reduce((x, y) => and(x, y));
const no = (value: I64): I64 => xor(value, LANES);

/** The bits of each lane, the most significant first. */
function bitsOf(b: Builder, value: I64, width: number): I64[] {
  const lanes = b.let(value);
  return Array.from({ length: width }, (_, index) => b.let(and(shr(lanes, width - 1 - index), LANES)));
}

/** Lanes of such bits. */
const lanesOf = (bits: readonly I64[]): I64 => bits.reduce((lanes, bit) => or(shl(lanes, 1), bit));

/** The digits `abcd efgh ijkm` of a declet `pqr stu v wxy` (Book I, appendix B). */
function digitsOf(b: Builder, declets: I64): I64 {
  const [p, q, r, s, t, u, v, w, x, y] = bitsOf(b, declets, 10) as Ten;
  const small = b.let(any(no(v), no(w), all(s, no(t), x))); // the first digit has three bits of its own
  const shifted = b.let(all(v, w, x)); // two digits or all three are eight or nine
  const alone = b.let(any(no(x), all(no(s), no(t))));
  return lanesOf([
    all(v, w, any(no(x), no(s), t)),
    and(p, small),
    and(q, small),
    r,
    all(v, any(all(no(w), x), all(no(t), x), all(s, x))),
    any(all(s, any(no(v), no(x))), all(p, no(s), t, shifted)),
    any(all(t, any(no(v), no(x))), all(q, no(s), t, w)),
    u,
    all(v, any(all(no(w), no(x)), all(w, x, or(s, t)))),
    any(all(no(v), w), all(s, v, no(w), x), all(p, w, alone)),
    any(all(no(v), x), all(t, no(w), x), all(q, v, w, alone)),
    y,
  ]);
}

/** The declet of three digits, by the same names. */
function decletOf(b: Builder, digits: I64): I64 {
  const [a, b1, c, d, e, f, g, h, i, j, k, m] = bitsOf(b, digits, 12) as Twelve;
  return lanesOf([
    any(all(f, a, i, no(e)), all(j, a, no(i)), all(b1, no(a))),
    any(all(g, a, i, no(e)), all(k, a, no(i)), all(c, no(a))),
    d,
    any(all(j, no(a), e, no(i)), all(f, no(i), no(e)), all(f, no(a), no(e)), all(e, i)),
    any(all(k, no(a), e, no(i)), all(g, no(i), no(e)), all(g, no(a), no(e)), all(a, i)),
    h,
    any(a, e, i),
    any(a, all(e, i), all(j, no(e), no(i))),
    any(e, all(a, i), all(k, no(a), no(i))),
    m,
  ]);
}

type Ten = [I64, I64, I64, I64, I64, I64, I64, I64, I64, I64];
type Twelve = [...Ten, I64, I64];
