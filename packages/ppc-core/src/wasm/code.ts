import { unsigned } from './leb128.ts';

/** WebAssembly's number types that are used here. */
export type ValueType = 'i32' | 'i64';

/** Their encodings (core specification, 5.3.1). */
export const VALUE_TYPE = { i32: 0x7f, i64: 0x7e } as const;

/** Code as a tree of bytes. Branches name the block that they leave, and depths are counted when the tree is flattened. */
export type Code = number | readonly Code[] | Structured | Branch;

/** Where a branch goes: the end of a block, the start of a loop. */
export class Label {}

interface Structured {
  readonly opcode: number;
  readonly label: Label | undefined;
  readonly body: Code;
}

interface Branch {
  readonly opcode: number;
  readonly target: Label;
}

const VOID = 0x40;
const ELSE = 0x05;
const END = 0x0b;

/** A block; branching to its label leaves it. */
export const block = (label: Label, ...body: Code[]): Code => ({ opcode: 0x02, label, body });

/** A loop; branching to its label starts it over. */
export const loop = (label: Label, ...body: Code[]): Code => ({ opcode: 0x03, label, body });

/** One of two pieces of code, by a condition on the stack. */
export const when = (condition: Code, yes: Code, no?: Code): Code => [
  condition,
  { opcode: 0x04, label: undefined, body: no === undefined ? yes : [yes, ELSE, no] },
];

/** Goes to a label. */
export const br = (target: Label): Code => ({ opcode: 0x0c, target });

/** Goes to a label if a condition is not zero. */
export const brIf = (target: Label, condition: Code): Code => [condition, { opcode: 0x0d, target }];

/** Leaves the function; its result, if any, is on the stack. */
export const RETURN = 0x0f;

/** Bytes of a tree of code. */
export function flatten(code: Code): number[] {
  const bytes: number[] = [];
  const open: (Label | undefined)[] = [];
  const walk = (node: Code): void => {
    if (typeof node === 'number') {
      bytes.push(node);
    } else if (isList(node)) {
      for (const part of node) walk(part);
    } else if ('target' in node) {
      bytes.push(node.opcode, ...unsigned(depthOf(open, node.target)));
    } else {
      bytes.push(node.opcode, VOID);
      open.push(node.label);
      walk(node.body);
      open.pop();
      bytes.push(END);
    }
  };
  walk(code);
  return bytes;
}

function isList(node: Code): node is readonly Code[] {
  return Array.isArray(node);
}

function depthOf(open: readonly (Label | undefined)[], target: Label): number {
  const at = open.lastIndexOf(target);
  if (at < 0) throw new RangeError('a branch to a label that is not open');
  return open.length - 1 - at;
}
