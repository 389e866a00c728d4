import type { Token } from './lexer.ts';
import { asmError, type Place } from './place.ts';
import type { TokenReader } from './reader.ts';

/** An expression as read; names are looked up when it is evaluated. */
export type Expression = Place &
  (
    | { readonly op: 'number'; readonly value: bigint }
    | { readonly op: 'string'; readonly value: Uint8Array }
    | { readonly op: 'name'; readonly name: string; readonly shown: string }
    | { readonly op: 'unary'; readonly operator: string; readonly operand: Expression }
    | { readonly op: 'binary'; readonly operator: string; readonly left: Expression; readonly right: Expression }
    | { readonly op: 'part'; readonly part: string; readonly operand: Expression }
  );

/** What a name stands for at a place; throws if it stands for nothing. */
export type Lookup = (name: string, at: Place, shown: string) => bigint;

/** GNU as's precedences, which are not C's: shifts bind like products, and bits tighter than sums. */
const PRECEDENCE: Readonly<Record<string, number>> = {
  ...{ '*': 6, '/': 6, '%': 6, '<<': 6, '>>': 6 },
  ...{ '|': 5, '&': 5, '^': 5, '!': 5 },
  ...{ '+': 4, '-': 4 },
  ...{ '==': 3, '!=': 3, '<>': 3, '<': 3, '>': 3, '<=': 3, '>=': 3 },
  ...{ '&&': 2, '||': 1 },
};

const signed = (value: bigint): bigint => BigInt.asIntN(64, value);
const unsigned = (value: bigint): bigint => BigInt.asUintN(64, value);
const truth = (holds: boolean): bigint => (holds ? 1n : 0n);
const allOnes = (holds: boolean): bigint => (holds ? -1n : 0n);

const BINARY: Readonly<Record<string, (left: bigint, right: bigint) => bigint>> = {
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '%': (a, b) => a % b,
  '<<': (a, b) => a << b,
  '>>': (a, b) => unsigned(a) >> b,
  '|': (a, b) => a | b,
  '&': (a, b) => a & b,
  '^': (a, b) => a ^ b,
  '!': (a, b) => a | ~b,
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '==': (a, b) => allOnes(a === b),
  '!=': (a, b) => allOnes(a !== b),
  '<>': (a, b) => allOnes(a !== b),
  '<': (a, b) => allOnes(a < b),
  '>': (a, b) => allOnes(a > b),
  '<=': (a, b) => allOnes(a <= b),
  '>=': (a, b) => allOnes(a >= b),
  '&&': (a, b) => truth(a !== 0n && b !== 0n),
  '||': (a, b) => truth(a !== 0n || b !== 0n),
};

const UNARY: Readonly<Record<string, (value: bigint) => bigint>> = {
  '-': (a) => -a,
  '+': (a) => a,
  '~': (a) => ~a,
  '!': (a) => truth(a === 0n),
};

/** `@l` and its kin: sixteen bits of an address (64-bit ELF V2 ABI, 3.5.1); those with `a` allow for a signed lower part. */
const PARTS: Readonly<Record<string, (value: bigint) => bigint>> = {
  l: (v) => v & 0xffffn,
  h: (v) => (v >> 16n) & 0xffffn,
  ha: (v) => ((v + 0x8000n) >> 16n) & 0xffffn,
  higher: (v) => (v >> 32n) & 0xffffn,
  highera: (v) => ((v + 0x8000n) >> 32n) & 0xffffn,
  highest: (v) => (v >> 48n) & 0xffffn,
  highesta: (v) => ((v + 0x8000n) >> 48n) & 0xffffn,
};

/** Longest expression, in operators and brackets: evaluating one must not exhaust the stack. */
const LONGEST = 500;

/** Reads an expression; `@` binds loosest, so `buffer+4@l` is the low part of the sum. */
export function parseExpression(reader: TokenReader): Expression {
  let size = 0;
  const grow = (token: Token): void => {
    size += 1;
    if (size > LONGEST) throw asmError('ASM_SYNTAX', token, `expression too long: at most ${LONGEST} operators`);
  };

  const primary = (): Expression => {
    const token = reader.next();
    grow(token);
    const { file, line, column, text } = token;
    if (token.kind === 'number') return { file, line, column, op: 'number', value: signed(token.value) };
    if (token.kind === 'string') return { file, line, column, op: 'string', value: token.value };
    if (token.kind === 'name') return { file, line, column, op: 'name', name: text, shown: text };
    if (token.kind === 'local') return { file, line, column, op: 'name', name: reader.localName(token), shown: text };
    if (text === '%') return primary(); // %r3 is r3
    if (token.kind === 'punctuation' && Object.hasOwn(UNARY, text)) {
      return { file, line, column, op: 'unary', operator: text, operand: primary() };
    }
    if (text === '(') {
      const inner = whole();
      reader.expect(')');
      return inner;
    }
    throw asmError('ASM_SYNTAX', token, `expected a number, a symbol or "(", found ${reader.show(token)}`);
  };

  const binary = (lowest: number): Expression => {
    let left = primary();
    for (;;) {
      const token = reader.peek();
      const precedence = token.kind === 'punctuation' ? (PRECEDENCE[token.text] ?? 0) : 0;
      if (precedence < lowest || precedence === 0) return left;
      grow(reader.next());
      left = { ...placeOf(left), op: 'binary', operator: token.text, left, right: binary(precedence + 1) };
    }
  };

  const whole = (): Expression => {
    const operand = binary(1);
    if (!reader.accept('@')) return operand;
    const token = reader.next();
    if (!Object.hasOwn(PARTS, token.text)) {
      throw asmError('ASM_SYNTAX', token, `expected @${Object.keys(PARTS).join(', @')}, found @${token.text}`);
    }
    return { ...placeOf(operand), op: 'part', part: token.text, operand };
  };

  return whole();
}

/** The value of an expression as a signed 64-bit number; arithmetic wraps there, as GNU as's does. */
export function evaluate(node: Expression, lookup: Lookup): bigint {
  switch (node.op) {
    case 'number':
      return node.value;
    case 'string':
      throw asmError('ASM_BAD_OPERAND', node, 'expected a number, found a string');
    case 'name':
      return signed(lookup(node.name, node, node.shown));
    case 'unary':
      return signed(UNARY[node.operator]?.(evaluate(node.operand, lookup)) ?? 0n);
    case 'part':
      return PARTS[node.part]?.(evaluate(node.operand, lookup)) ?? 0n;
    case 'binary': {
      const left = evaluate(node.left, lookup);
      const right = evaluate(node.right, lookup);
      if ((node.operator === '/' || node.operator === '%') && right === 0n) {
        throw asmError('ASM_OUT_OF_RANGE', node.right, 'division by zero');
      }
      if ((node.operator === '<<' || node.operator === '>>') && (right < 0n || right > 63n)) {
        throw asmError('ASM_OUT_OF_RANGE', node.right, `shift by ${right}; expected 0..63`);
      }
      return signed(BINARY[node.operator]?.(left, right) ?? 0n);
    }
  }
}

function placeOf({ file, line, column }: Place): Place {
  return { file, line, column };
}
