import { type Expression, evaluate } from './expression.ts';
import type { Output } from './output.ts';
import type { ParsedOperand } from './parser.ts';
import { asmError, type Place } from './place.ts';
import type { View } from './symbols.ts';

/** What a directive knows while the source is laid out. */
interface LayoutContext {
  readonly at: Place;
  /** Offset of the statement from the origin. */
  readonly offset: number;
  readonly littleEndian: boolean;
  /** Value of an expression that decides the layout; it may use only what stands before it. Labels are addresses. */
  now(node: Expression): bigint;
  /** The same, with labels as offsets from the origin. */
  nowOffset(node: Expression): bigint;
}

/** Bytes that a statement contributes: how many, and how to write them once every symbol is known. */
export interface Chunk {
  readonly size: number;
  write(output: Output, view: View): void;
}

/** Lays out one directive; undefined if it contributes nothing. */
export type Directive = (operands: readonly ParsedOperand[], context: LayoutContext) => Chunk | undefined;

/** Largest image, in bytes. */
export const LARGEST = 0x0100_0000;

const NOP = 0x6000_0000;

function integers(size: 1 | 2 | 4 | 8): Directive {
  return (operands, { offset, littleEndian }) => ({
    size: size * operands.length,
    write(output, view) {
      for (const [index, { value: node }] of operands.entries()) {
        const at = offset + index * size;
        output.integer(at, fitting(node, evaluate(node, view.at(at)), size), size, littleEndian);
      }
    },
  });
}

/** A value that fits as many bytes, as a signed or as an unsigned number. */
function fitting(at: Place, value: bigint, size: number): bigint {
  const bits = BigInt(8 * size);
  const min = -(1n << (bits - 1n));
  const max = (1n << bits) - 1n;
  if (value >= min && value <= max) return value;
  throw asmError('ASM_OUT_OF_RANGE', at, `${value} does not fit ${bits} bits (${min}..${max})`, { min, max });
}

function strings(terminator: readonly number[]): Directive {
  return (operands, { offset }) => {
    const bytes = operands.flatMap(({ value }) => {
      if (value.op === 'string') return [...value.value, ...terminator];
      throw asmError('ASM_BAD_OPERAND', value, 'expected a string in double quotes');
    });
    return { size: bytes.length, write: (output) => output.bytes.set(bytes, offset) };
  };
}

/** `size` bytes of one value. */
function filled(size: number, fill: number, offset: number): Chunk {
  return { size, write: (output) => void output.bytes.fill(fill, offset, offset + size) };
}

/** Padding that may be executed: nops at every whole word. */
function padded(size: number, { offset, littleEndian }: LayoutContext): Chunk {
  return {
    size,
    write(output) {
      const end = offset + size;
      for (let word = (offset + 3) & ~3; word + 4 <= end; word += 4) output.word(word, NOP, littleEndian);
    },
  };
}

/** `.fill times, size, value`, with the sizes for which GNU as keeps every byte of the value. */
const fill: Directive = ([count, width, value], context) => {
  if (!count) throw asmError('ASM_BAD_OPERAND', context.at, 'expected a number of times');
  const size = width ? number(width, context, 1n, 4n) : 1;
  if (width && size === 3) throw asmError('ASM_OUT_OF_RANGE', width.value, 'expected a size of 1, 2 or 4, found 3');
  const times = number(count, context, 0n, BigInt(LARGEST / size));
  const each = value ? fitting(value.value, context.now(value.value), size) : 0n;
  return {
    size: times * size,
    write(output) {
      for (let at = context.offset; at < context.offset + times * size; at += size) {
        output.integer(at, each, size as 1 | 2 | 4, context.littleEndian);
      }
    },
  };
};

const space: Directive = ([count, fill], context) => {
  if (!count) throw asmError('ASM_BAD_OPERAND', context.at, 'expected a number of bytes');
  return filled(number(count, context, 0n, BigInt(LARGEST)), byte(fill, context), context.offset);
};

/** Moves on to an offset from the origin, as GNU as counts from the start of the section; a label means where it is. */
const org: Directive = ([target, fill], context) => {
  if (!target) throw asmError('ASM_BAD_OPERAND', context.at, 'expected an offset from the origin');
  const to = context.nowOffset(target.value);
  if (to < BigInt(context.offset)) {
    const message = `.org 0x${to.toString(16)} would move back from 0x${context.offset.toString(16)}`;
    throw asmError('ASM_OUT_OF_RANGE', target.value, message, { from: context.offset, to });
  }
  const size = to - BigInt(context.offset);
  if (size > BigInt(LARGEST)) throw tooLarge(target.value);
  return filled(Number(size), byte(fill, context), context.offset);
};

function align(unit: (value: number) => number, most: bigint): Directive {
  return ([operand, fill], context) => {
    if (!operand) throw asmError('ASM_BAD_OPERAND', context.at, 'expected an alignment');
    const to = unit(number(operand, context, 0n, most));
    if (to < 1 || (to & (to - 1)) !== 0) {
      throw asmError('ASM_OUT_OF_RANGE', operand.value, `expected a power of two, found ${to}`);
    }
    const size = (to - (context.offset % to)) % to;
    return fill ? filled(size, byte(fill, context), context.offset) : padded(size, context);
  };
}

const powerAlign = align((power) => 2 ** power, 16n);

/** There is one section, no linker and nobody to read what is told of symbols: what stands behind these is not even read. */
export const IGNORED: ReadonlySet<string> = new Set([
  ...['.globl', '.global', '.local', '.weak', '.hidden', '.extern', '.type', '.size'],
  ...['.text', '.machine', '.abiversion', '.file', '.ident'],
]);

/**
 * The directives by name, as GNU as has them. `.set`, `.equ` and `.equiv` are statements of their own, `.endian` is the
 * assembler's.
 */
export const DIRECTIVES: Readonly<Record<string, Directive>> = {
  ...{ '.byte': integers(1), '.short': integers(2), '.hword': integers(2), '.2byte': integers(2) },
  ...{
    '.long': integers(4),
    '.int': integers(4),
    '.4byte': integers(4),
    '.quad': integers(8),
    '.8byte': integers(8),
    '.llong': integers(8),
  },
  ...{ '.ascii': strings([]), '.asciz': strings([0]), '.string': strings([0]) },
  ...{ '.space': space, '.skip': space, '.zero': space, '.fill': fill, '.org': org },
  ...{ '.align': powerAlign, '.p2align': powerAlign, '.balign': align((bytes) => bytes, 65536n) },
  ...Object.fromEntries([...IGNORED].map((name): [string, Directive] => [name, () => undefined])),
};

/** The error for an image beyond {@link LARGEST}. */
export function tooLarge(at: Place): Error {
  return asmError('ASM_TOO_LARGE', at, `the image grows beyond ${LARGEST} bytes`);
}

function number({ value: node }: ParsedOperand, context: LayoutContext, min: bigint, max: bigint): number {
  const value = context.now(node);
  if (value < min || value > max) {
    throw asmError('ASM_OUT_OF_RANGE', node, `expected ${min}..${max}, found ${value}`, { min, max });
  }
  return Number(value);
}

function byte(fill: ParsedOperand | undefined, context: LayoutContext): number {
  return fill ? number(fill, context, -128n, 255n) & 0xff : 0;
}
