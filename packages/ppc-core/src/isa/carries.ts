import { and, type I64, not, or } from '../ir/expr.ts';

/** Ones at the bits that the sum of `x` and `y`, with whatever was carried in, carries out of. */
export function carriesOf(x: I64, y: I64, sum: I64): I64 {
  return or(and(x, y), and(or(x, y), not(sum)));
}
