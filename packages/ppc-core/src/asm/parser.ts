import { IGNORED } from './directives.ts';
import { type Expression, parseExpression } from './expression.ts';
import { type Line, tokenize } from './lexer.ts';
import { asmError, type Place } from './place.ts';
import { TokenReader } from './reader.ts';

/** An operand as read. */
export interface ParsedOperand {
  readonly value: Expression;
  /** It stood in parentheses after the one before, as the base register in `8(r4)`. */
  readonly inParentheses: boolean;
}

/** One statement. */
export type Statement = Place &
  (
    | { readonly kind: 'label'; readonly name: string }
    | { readonly kind: 'set'; readonly name: string; readonly value: Expression }
    | { readonly kind: 'directive' | 'instruction'; readonly name: string; readonly operands: readonly ParsedOperand[] }
  );

/** `.equiv` is the one that refuses names it finds defined: here all do. */
const SETTERS: ReadonlySet<string> = new Set(['.set', '.equ', '.equiv']);

/** Reads the statements of a source, in order, each when it is asked for. */
export function* parse(lines: Iterable<Line>): Iterable<Statement> {
  const counts = new Map<string, number>();
  for (const line of lines) {
    const reader = new TokenReader(tokenize(line), counts);
    while (reader.peek().kind !== 'end') {
      if (!reader.accept(';')) yield parseStatement(reader);
    }
  }
}

function parseStatement(reader: TokenReader): Statement {
  const token = reader.next();
  const { file, line, column } = token;
  const place = { file, line, column }; // spread where statements are few
  if (token.kind === 'number' && /^\d+$/.test(token.text) && reader.accept(':')) {
    return { ...place, kind: 'label', name: reader.defineLocal(token.text) };
  }
  if (token.kind !== 'name') {
    throw asmError('ASM_SYNTAX', token, `expected a label, an instruction or a directive, found ${reader.show(token)}`);
  }
  if (token.text === '.') throw asmError('ASM_SYNTAX', token, '"." cannot be set; .org moves on');
  if (reader.accept(':')) return { ...place, kind: 'label', name: token.text };
  if (reader.accept('=')) return { ...place, kind: 'set', name: token.text, value: parseLast(reader) };
  if (SETTERS.has(token.text)) {
    const name = reader.next();
    if (name.kind !== 'name' || name.text === '.')
      throw asmError('ASM_SYNTAX', name, `expected a name to set, found ${reader.show(name)}`);
    reader.expect(',');
    return { ...place, kind: 'set', name: name.text, value: parseLast(reader) };
  }
  if (token.text.startsWith('.')) {
    const rest = IGNORED.has(token.text) ? unread(reader) : operands(reader);
    return { ...place, kind: 'directive', name: token.text, operands: rest };
  }
  const name = token.text + branchHint(reader, column + token.text.length);
  return { file, line, column, kind: 'instruction', name, operands: operands(reader) };
}

/** The sign of `bne+` belongs to the mnemonic if it touches it. */
function branchHint(reader: TokenReader, column: number): string {
  const { text, column: found } = reader.peek();
  if (found !== column || (text !== '+' && text !== '-')) return '';
  return reader.next().text;
}

const NONE: readonly ParsedOperand[] = [];

/** Passes over what stands there: `@function` is no expression. */
function unread(reader: TokenReader): readonly ParsedOperand[] {
  while (!reader.atEnd()) reader.next();
  return NONE;
}

function parseLast(reader: TokenReader): Expression {
  const value = parseExpression(reader);
  expectEnd(reader);
  return value;
}

function operands(reader: TokenReader): readonly ParsedOperand[] {
  if (reader.atEnd()) return NONE;
  const list: ParsedOperand[] = [];
  do {
    list.push({ value: parseExpression(reader), inParentheses: false });
    if (reader.accept('(')) {
      list.push({ value: parseExpression(reader), inParentheses: true });
      reader.expect(')');
    }
  } while (reader.accept(','));
  expectEnd(reader);
  return list;
}

function expectEnd(reader: TokenReader): void {
  if (reader.atEnd()) return;
  throw asmError('ASM_SYNTAX', reader.peek(), `expected "," or the end of the statement, found ${reader.show()}`);
}
