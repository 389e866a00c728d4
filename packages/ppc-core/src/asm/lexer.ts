import type { CheckstopError } from '@checkstop/kernel';
import { asmError, type Place } from './place.ts';

/** A line of source without its comments. */
export interface Line {
  readonly text: string;
  readonly file?: string | undefined;
  readonly number: number;
}

/** A word of a line. `value` is the number, the character's code or the decoded string. */
export type Token = Place &
  (
    | { readonly kind: 'name' | 'local' | 'punctuation' | 'end'; readonly text: string }
    | { readonly kind: 'number'; readonly text: string; readonly value: bigint }
    | { readonly kind: 'string'; readonly text: string; readonly value: Uint8Array }
  );

/** A comment, or a string or character in which nothing begins a comment; what has no end goes on as far as it can. */
const COMMENT = /"(?:\\.|[^"\\\n])*"?|'\\?.|\/\*(?:[\s\S]*?\*\/|[\s\S]*)|(?:#|\/\/).*/g;

/**
 * Cuts a source into lines, one at a time; comments (`#`, `//`, `/ * * /`) become blanks, so that columns stay true.
 */
export function* splitLines(source: string, file?: string): Iterable<Line> {
  const blanked = source.replace(COMMENT, (match, start: number) => {
    if (/^["']/.test(match)) return match;
    if (/^\/\*/.test(match) && !/^..[\s\S]*\*\/$/.test(match)) {
      const before = source.slice(0, start).split('\n');
      const column = (before.at(-1)?.length ?? 0) + 1;
      throw asmError('ASM_SYNTAX', { file, line: before.length, column }, 'this comment has no end');
    }
    return match.replace(/[^\n]/g, ' ');
  });
  let start = 0;
  for (let number = 1; ; number += 1) {
    const end = blanked.indexOf('\n', start);
    yield { text: blanked.slice(start, end < 0 ? undefined : end), file, number };
    if (end < 0) return;
    start = end + 1;
  }
}

/** Groups by position, since naming them would cost an object for every token. */
const TOKEN = new RegExp(
  [
    /([A-Za-z_.$][\w.$]*)/, // a name
    /(\d+[bf](?!\w))/, // 1b and 1f, the numeric labels before and after here
    /((?:0[xX][\da-fA-F]+|0[bB][01]+|\d+)(?!\w))/, // a number
    /'(\\?.)'?/, // a character
    /"((?:\\.|[^"\\])*)"/, // a string
    /<<|>>|<=|>=|<>|==|!=|&&|\|\||[-+*/%&|^~!<>()=,:;@]/,
  ]
    .map(({ source }) => source)
    .join('|'),
  'y',
);

const BLANKS = /\s*/y;

/** The tokens of a line, with one of kind `end` last. */
export function tokenize({ text, file, number: line }: Line): Token[] {
  const tokens: Token[] = [];
  let index = 0;
  for (;;) {
    BLANKS.lastIndex = index;
    BLANKS.test(text);
    index = BLANKS.lastIndex;
    const column = index + 1;
    if (index >= text.length) {
      tokens.push({ file, line, column, kind: 'end', text: 'the end of the line' });
      return tokens;
    }
    TOKEN.lastIndex = index;
    const match = TOKEN.exec(text);
    if (!match) throw unreadable(text.slice(index), { file, line, column });
    const [spelled, name, local, number, char, string] = match;
    if (name !== undefined) tokens.push({ file, line, column, kind: 'name', text: spelled });
    else if (number !== undefined) {
      const value = numberOf(number, { file, line, column });
      tokens.push({ file, line, column, kind: 'number', text: spelled, value });
    } else if (char !== undefined) {
      tokens.push({ file, line, column, kind: 'number', text: spelled, value: BigInt(decode(char)[0] ?? 0) });
    } else if (string !== undefined) {
      tokens.push({ file, line, column, kind: 'string', text: spelled, value: decode(string) });
    } else tokens.push({ file, line, column, kind: local === undefined ? 'punctuation' : 'local', text: spelled });
    index += spelled.length;
  }
}

/** Characters shown of what is no source: a line of a binary file has no end. */
const SHOWN = 40;

function unreadable(text: string, place: Place): CheckstopError {
  const shown = text.length > SHOWN ? `${text.slice(0, SHOWN)}...` : text.trim();
  const expected = 'a name, a number, an operator or a string in double quotes, in a source of UTF-8 text';
  return asmError('ASM_SYNTAX', place, `cannot read "${shown}"; expected ${expected}`);
}

const MOST_DIGITS = 64;
const DOUBLEWORD = 2n ** 64n;

function numberOf(text: string, place: Place): bigint {
  const digits = text.replace(/^0[xXbB]?0*/, '');
  const octal = /^0\d/.test(text);
  if (octal && /[89]/.test(text))
    throw asmError('ASM_SYNTAX', place, `${text} begins with 0 and is octal; it has a digit above 7`);
  const value = digits.length > MOST_DIGITS ? DOUBLEWORD : BigInt(octal ? `0o0${digits}` : text);
  if (value < DOUBLEWORD) return value;
  throw asmError('ASM_OUT_OF_RANGE', place, `${text.slice(0, MOST_DIGITS)} does not fit 64 bits`);
}

const ESCAPES: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

/** The bytes of a string: UTF-8, with C's escapes. */
function decode(text: string): Uint8Array {
  const encoder = new TextEncoder();
  const bytes: number[] = [];
  for (const [piece, hex, octal, other] of text.matchAll(/\\(?:x([\da-fA-F]{1,2})|([0-7]{1,3})|(.))|[^\\]+/gu)) {
    if (hex !== undefined) bytes.push(Number.parseInt(hex, 16));
    else if (octal !== undefined) bytes.push(Number.parseInt(octal, 8) & 0xff);
    else bytes.push(...encoder.encode(other === undefined ? piece : (ESCAPES[other] ?? other)));
  }
  return Uint8Array.from(bytes);
}
