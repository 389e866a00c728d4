import { emit } from '../ir/emit.ts';
import type { Expr, I32, I64 } from '../ir/expr.ts';
import type { Code, ValueType } from '../wasm/code.ts';
import { unsigned } from '../wasm/leb128.ts';
import type { Func, Variable } from '../wasm/module.ts';

/** Code of an expression that stands outside any instruction. */
export const code = (expr: Expr): Code =>
  emit(expr, (leaf) => {
    throw new RangeError(`${leaf.op} outside an instruction`);
  });

const native = <T extends ValueType>(type: T, ...parts: Code[]): Expr<T> => ({ type, op: 'code', code: parts });

/** Value of a variable. */
export const get = <T extends ValueType>(variable: Variable<T>): Expr<T> => native(variable.type, variable.get);

/** Sets a variable. */
export const set = <T extends ValueType>(variable: Variable<T>, value: Expr<T>): Code => [code(value), variable.set];

/** Calls a function for its effect. */
export const call = (func: Func, ...args: Expr[]): Code => [args.map(code), 0x10, unsigned(func.index)];

/** Calls a function for its result. */
export const result = <T extends ValueType>(type: T, func: Func, ...args: Expr[]): Expr<T> =>
  native(type, call(func, ...args));

const LOAD = {
  i32: { 1: [0x2d, 0], 4: [0x28, 2] },
  i64: { 1: [0x31, 0], 2: [0x33, 0], 4: [0x35, 0], 8: [0x29, 0] },
};
const STORE = {
  i32: { 4: [0x36, 2] },
  i64: { 1: [0x3c, 0], 2: [0x3d, 0], 4: [0x3e, 0], 8: [0x37, 0] },
};

/** Bytes of linear memory at a variable address plus a constant one, zero-extended. */
export const read32 = (size: keyof typeof LOAD.i32, address: I32, offset = 0): I32 =>
  native('i32', code(address), LOAD.i32[size], unsigned(offset));

/** The same as 64 bits. */
export const read64 = (size: keyof typeof LOAD.i64, address: I32, offset = 0): I64 =>
  native('i64', code(address), LOAD.i64[size], unsigned(offset));

/** Sets four bytes of linear memory. */
export const write32 = (address: I32, value: I32, offset = 0): Code => [
  ...[code(address), code(value)],
  ...[STORE.i32[4], unsigned(offset)],
];

/** Sets the low bytes of a value in linear memory. */
export const write64 = (size: keyof typeof STORE.i64, address: I32, value: I64, offset = 0): Code => [
  ...[code(address), code(value)],
  ...[STORE.i64[size], unsigned(offset)],
];
