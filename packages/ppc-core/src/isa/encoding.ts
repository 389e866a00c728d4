import { CheckstopError } from '@checkstop/kernel';
import { FIELDS, type FieldName } from './fields.ts';

/** Where each instruction format has its extended opcode, as [first, last] bit (Power ISA 3.0B, Book I, 1.6). */
const EXTENDED_OPCODE = {
  I: undefined,
  B: undefined,
  SC: [30, 30],
  D: undefined,
  DS: [30, 31],
  DQ: undefined,
  DX: [26, 30],
  X: [21, 30],
  XL: [21, 30],
  XFX: [21, 30],
  XO: [22, 30],
  XS: [21, 29],
  A: [26, 30],
  M: undefined,
  MD: [27, 29],
  MDS: [27, 30],
  VA: [26, 31],
  Z23: [23, 30],
} as const;

/** Name of an instruction format of the ISA. */
export type Form = keyof typeof EXTENDED_OPCODE;

/** What an encoding says: which bits are fixed, to what, and which fields there are. */
export interface Encoding {
  readonly form: Form;
  /** Bits that must match. Reserved bits are not among them: POWER9 ignores them. */
  readonly mask: number;
  /** What the bits of the mask must be. */
  readonly value: number;
  readonly fields: readonly FieldName[];
}

interface Place {
  readonly first: number;
  readonly last: number;
}

/**
 * Reads an encoding written as the ISA draws its boxes: the format, then from bit 0 on the primary opcode, names of
 * fields, the extended opcode, and slashes for reserved bits: `XO: 31 RT RA RB OE 266 Rc`.
 *
 * Fields stand where fields.ts says, the extended opcode (the last number) where its format has it; a number of other
 * meaning carries its width (`0:1`); slashes fill what lies between.
 */
export function parseEncoding(text: string): Encoding {
  const [form, box = ''] = text.split(': ') as [Form, string?];
  const tokens = box.split(' ');
  const xo = EXTENDED_OPCODE[form];
  const extended = xo && tokens.findLastIndex((token) => /^\d+$/.test(token));
  const fields = new Set<FieldName>();
  let mask = 0;
  let value = 0;
  let bit = 0;

  const placeOf = (index: number): Place | undefined => {
    const token = tokens[index] ?? '';
    if (index === 0) return { first: 0, last: 5 };
    if (index === extended && xo) return { first: xo[0], last: xo[1] };
    const width = /^\d+:(\d+)$/.exec(token)?.[1];
    if (width !== undefined) return { first: bit, last: bit + Number(width) - 1 };
    return token in FIELDS ? stretchOf(token as FieldName, bit) : undefined;
  };

  tokens.forEach((token, index) => {
    const reserved = /^\/+$/.test(token);
    const place = reserved ? { first: bit, last: (placeOf(index + 1)?.first ?? 32) - 1 } : placeOf(index);
    if (place === undefined || place.first !== bit || place.last < bit) throw malformed(text, token, bit);
    bit = place.last + 1;
    if (reserved) return;
    if (token in FIELDS) {
      fields.add(token as FieldName);
      return;
    }
    const ones = 2 ** (place.last - place.first + 1) - 1;
    const number = Number.parseInt(token, 10);
    if (!(number <= ones)) throw malformed(text, token, bit);
    mask |= ones << (31 - place.last);
    value |= number << (31 - place.last);
  });
  if (bit !== 32) throw malformed(text, 'its end', bit);
  return { form, mask: mask >>> 0, value: value >>> 0, fields: [...fields] };
}

/** The first contiguous stretch of a field at or after a bit: split fields appear twice in a box. */
function stretchOf(name: FieldName, bit: number): Place | undefined {
  const [head, next] = FIELDS[name].pieces.filter(([first]) => first >= bit).sort(([a], [b]) => a - b);
  if (head === undefined) return undefined;
  return { first: head[0], last: next !== undefined && next[0] === head[1] + 1 ? next[1] : head[1] };
}

function malformed(text: string, token: string, bit: number): CheckstopError {
  return new CheckstopError('ISA_BAD_ENCODING', `In the encoding "${text}", ${token} does not fit at bit ${bit}.`);
}
