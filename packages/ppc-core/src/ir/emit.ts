import { type Code, VALUE_TYPE, type ValueType } from '../wasm/code.ts';
import { signed } from '../wasm/leb128.ts';
import type { Expr } from './expr.ts';

/** Opcodes of the operations, for i32 and i64 (WebAssembly core specification, 5.4.7). */
const OPCODE: Record<string, Record<ValueType, number>> = {
  eqz: { i32: 0x45, i64: 0x50 },
  eq: { i32: 0x46, i64: 0x51 },
  ne: { i32: 0x47, i64: 0x52 },
  ltS: { i32: 0x48, i64: 0x53 },
  ltU: { i32: 0x49, i64: 0x54 },
  gtS: { i32: 0x4a, i64: 0x55 },
  gtU: { i32: 0x4b, i64: 0x56 },
  leU: { i32: 0x4d, i64: 0x58 },
  geU: { i32: 0x4f, i64: 0x5a },
  clz: { i32: 0x67, i64: 0x79 },
  ctz: { i32: 0x68, i64: 0x7a },
  popcnt: { i32: 0x69, i64: 0x7b },
  add: { i32: 0x6a, i64: 0x7c },
  sub: { i32: 0x6b, i64: 0x7d },
  mul: { i32: 0x6c, i64: 0x7e },
  divS: { i32: 0x6d, i64: 0x7f },
  divU: { i32: 0x6e, i64: 0x80 },
  remS: { i32: 0x6f, i64: 0x81 },
  remU: { i32: 0x70, i64: 0x82 },
  and: { i32: 0x71, i64: 0x83 },
  or: { i32: 0x72, i64: 0x84 },
  xor: { i32: 0x73, i64: 0x85 },
  shl: { i32: 0x74, i64: 0x86 },
  sar: { i32: 0x75, i64: 0x87 },
  shr: { i32: 0x76, i64: 0x88 },
  rotl: { i32: 0x77, i64: 0x89 },
  extend8: { i32: 0xc0, i64: 0xc2 },
  extend16: { i32: 0xc1, i64: 0xc3 },
  extend32: { i32: 0x01, i64: 0xc4 }, // of an i32: a no-op
  wrap: { i32: 0x01, i64: 0xa7 },
  zeroExtend: { i32: 0xad, i64: 0x01 },
};

/** What the value of an instruction field, the word or a local is read with: that is up to who compiles. */
export type LeafEmitter = (leaf: Leaf) => Code;

/** The expressions that mean something within an instruction only. */
export type Leaf = Extract<Expr, { op: 'local' | 'field' | 'word' }>;

/** Code that leaves an expression's value on the stack. */
export function emit(expr: Expr, leaf: LeafEmitter): Code {
  switch (expr.op) {
    case 'code':
      return expr.code;
    case 'const':
      return expr.type === 'i32'
        ? [0x41, signed(BigInt.asIntN(32, expr.value))]
        : [0x42, signed(BigInt.asIntN(64, expr.value))];
    case 'local':
    case 'field':
    case 'word':
      return leaf(expr);
    case 'select':
      return [emit(expr.yes, leaf), emit(expr.no, leaf), emit(expr.condition, leaf), 0x1c, 1, VALUE_TYPE[expr.type]];
    default: {
      const [first] = expr.args;
      return [expr.args.map((argument) => emit(argument, leaf)), OPCODE[expr.op]?.[first.type] ?? unreachable(expr.op)];
    }
  }
}

function unreachable(op: string): never {
  throw new RangeError(`no opcode for ${op}`);
}
