import type { FieldName } from '../isa/fields.ts';
import type { Code, ValueType } from '../wasm/code.ts';

/**
 * A value of one of WebAssembly's integer types; conditions are i32, zero or one.
 *
 * In the semantics of an instruction it is pure, the same wherever it is evaluated: state is read through the builder.
 */
export type Expr<T extends ValueType = ValueType> = { readonly type: T } & (
  | { readonly op: 'const'; readonly value: bigint }
  | { readonly op: 'local'; readonly local: Local }
  /** A field of the instruction word, as it stands there: unsigned, not scaled. */
  | { readonly op: 'field'; readonly field: FieldName }
  /** The whole instruction word. */
  | { readonly op: 'word' }
  /** What generated code other than instructions has at hand: its variables, memory, calls. */
  | { readonly op: 'code'; readonly code: Code }
  | Select
  | { readonly op: UnaryOp; readonly args: readonly [Expr] }
  | { readonly op: BinaryOp; readonly args: readonly [Expr, Expr] }
);

interface Select {
  readonly op: 'select';
  readonly condition: I32;
  readonly yes: Expr;
  readonly no: Expr;
}

/** A place that holds a value for the length of one instruction. */
export interface Local {
  readonly type: ValueType;
  /** Counts the locals of this type within the instruction. */
  readonly index: number;
}

export type I32 = Expr<'i32'>;
export type I64 = Expr<'i64'>;

/** Operations on one value; `wrap` and the `extend` family change the type, the others keep it. */
export type UnaryOp = 'eqz' | 'clz' | 'ctz' | 'popcnt' | 'extend8' | 'extend16' | 'extend32' | 'wrap' | 'zeroExtend';

/** Operations on two values of one type; comparisons give an i32. */
type BinaryOp = ArithmeticOp | ComparisonOp;
type ArithmeticOp =
  | ('add' | 'sub' | 'mul' | 'divS' | 'divU' | 'remS' | 'remU' | 'and' | 'or' | 'xor' | 'shl' | 'shr' | 'sar')
  | 'rotl';
type ComparisonOp = 'eq' | 'ne' | 'ltS' | 'ltU' | 'gtS' | 'gtU' | 'leU' | 'geU';

/** An operand: a value, or a plain number where the other operand tells the type. */
export type Like<T extends ValueType> = Expr<T> | number | bigint;

/** A constant. Negative numbers are two's complement. */
function constant<T extends ValueType>(type: T, value: number | bigint): Expr<T> {
  return { type, op: 'const', value: BigInt(value) };
}

/** A 64-bit constant. */
export const i64 = (value: number | bigint): I64 => constant('i64', value);

/** A 32-bit constant. */
export const i32 = (value: number | bigint): I32 => constant('i32', value);

function like<T extends ValueType>(type: T, value: Like<T>): Expr<T> {
  return typeof value === 'object' ? value : constant(type, value);
}

const arithmetic =
  (op: ArithmeticOp) =>
  <T extends ValueType>(a: Expr<T>, b: Like<T>): Expr<T> => ({ type: a.type, op, args: [a, like(a.type, b)] });

const comparison =
  (op: ComparisonOp) =>
  <T extends ValueType>(a: Expr<T>, b: Like<T>): I32 => ({ type: 'i32', op, args: [a, like(a.type, b)] });

const unary =
  (op: UnaryOp) =>
  <T extends ValueType>(a: Expr<T>): Expr<T> => ({ type: a.type, op, args: [a] });

export const add = arithmetic('add');
export const sub = arithmetic('sub');
export const mul = arithmetic('mul');
/** Quotients and remainders trap in WebAssembly where the ISA leaves them undefined: guard the divisor. */
export const divS = arithmetic('divS');
export const divU = arithmetic('divU');
export const remS = arithmetic('remS');
export const remU = arithmetic('remU');
export const and = arithmetic('and');
export const or = arithmetic('or');
export const xor = arithmetic('xor');
/** Shifts and rotations take their count modulo the width. */
export const shl = arithmetic('shl');
export const shr = arithmetic('shr');
export const sar = arithmetic('sar');
export const rotl = arithmetic('rotl');

export const eq = comparison('eq');
export const ne = comparison('ne');
export const ltS = comparison('ltS');
export const ltU = comparison('ltU');
export const gtS = comparison('gtS');
export const gtU = comparison('gtU');
export const leU = comparison('leU');
export const geU = comparison('geU');

export const clz = unary('clz');
export const ctz = unary('ctz');
export const popcnt = unary('popcnt');
/** Sign extension of the low 8, 16 or 32 bits, type kept. */
export const extend8 = unary('extend8');
export const extend16 = unary('extend16');
export const extend32 = unary('extend32');

export const not = <T extends ValueType>(a: Expr<T>): Expr<T> => xor(a, -1);
export const neg = <T extends ValueType>(a: Expr<T>): Expr<T> => sub(constant(a.type, 0), a);
export const eqz = (a: Expr): I32 => ({ type: 'i32', op: 'eqz', args: [a] });

/** The low half of a 64-bit value. */
export const wrap = (a: I64): I32 => ({ type: 'i32', op: 'wrap', args: [a] });

/** A 32-bit value or condition with zeros above it. */
export const zeroExtend = (a: I32): I64 => ({ type: 'i64', op: 'zeroExtend', args: [a] });

/** The low 32 bits, with zeros above them. */
export const low32 = (a: I64): I64 => and(a, 0xffff_ffff);

/** One of two values; both are evaluated. */
export function select<T extends ValueType>(condition: I32, yes: Expr<T>, no: Like<T>): Expr<T> {
  return { type: yes.type, op: 'select', condition, yes, no: like(yes.type, no) };
}

/** Bit `n` of a value in the ISA's numbering of a doubleword: bit 0 is the most significant. */
export const bit = (a: I64, n: number): I32 => wrap(and(shr(a, 63 - n), 1));

/** Ones from bit `first` to bit `last`, wrapping around when first > last (the ISA's MASK(x, y)). */
export function mask(first: I64, last: I64): I64 {
  const from = shr(i64(-1), first);
  const to = shl(i64(-1), sub(i64(63), last));
  return select(leU(first, last), and(from, to), or(from, to));
}

/** The low `size` bytes in reverse order, with zeros above them. */
export function swapBytes(size: 2 | 4 | 8, a: I64): I64 {
  const swapNeighbours = (value: I64, width: number, ones: bigint): I64 =>
    or(shl(and(value, ones), width), and(shr(value, width), ones));
  const bytes = swapNeighbours(a, 8, 0x00ff_00ff_00ff_00ffn);
  if (size === 2) return and(bytes, 0xffff);
  const halves = swapNeighbours(bytes, 16, 0x0000_ffff_0000_ffffn);
  return size === 4 ? low32(halves) : rotl(halves, 32);
}
