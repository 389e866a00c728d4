/**
 * The named bit fields of instruction words (Power ISA 3.0B, Book I, 1.6.29 "Instruction Fields").
 *
 * Bits are numbered as IBM does: bit 0 is the most significant bit of the 32-bit word. A field that the ISA splits (the
 * six-bit shift and mask of the MD and XS forms, the two halves of an SPR number) lists its pieces most significant first.
 */

/** What an operand in this field means to a reader, an assembler and a disassembler. */
export type FieldKind =
  | 'gpr' // a general purpose register
  | 'gprOrZero' // the same, but number 0 stands for the value zero
  | 'crField' // one of the eight CR fields
  | 'crBit' // one of the 32 CR bits
  | 'spr' // number of a special purpose register
  | 'unsigned'
  | 'signed'
  | 'relative'; // a signed distance in bytes from the instruction, or an absolute address when AA=1

/** Position and meaning of one field. */
export interface Field {
  readonly kind: FieldKind;
  /** Pieces as [first, last] bit, most significant piece first. */
  readonly pieces: readonly (readonly [first: number, last: number])[];
  /** How many zero bits are appended on the right (2 for fields that count words). */
  readonly scale: number;
  /** What zeros stand for, if not for zero. */
  readonly zeroIs?: number;
}

const at = (kind: FieldKind, ...pieces: [number, number][]): Field => ({ kind, pieces, scale: 0 });
const words = (kind: FieldKind, first: number, last: number): Field => ({ kind, pieces: [[first, last]], scale: 2 });

/** All fields by name. Where the ISA gives one name to different places, the other places carry the form's name. */
export const FIELDS = {
  RT: at('gpr', [6, 10]),
  RS: at('gpr', [6, 10]),
  RA: at('gpr', [11, 15]),
  RA0: at('gprOrZero', [11, 15]), // the ISA writes (RA|0)
  RB: at('gpr', [16, 20]),
  RC: at('gpr', [21, 25]),

  SI: at('signed', [16, 31]),
  UI: at('unsigned', [16, 31]),
  D: at('signed', [16, 31]),
  DS: words('signed', 16, 29),
  DQ: { ...at('signed', [16, 27]), scale: 4 },
  DX: at('signed', [16, 25], [11, 15], [31, 31]), // the ISA's d0, d1 and d2

  LI: words('relative', 6, 29),
  BD: words('relative', 16, 29),
  BO: at('unsigned', [6, 10]),
  BI: at('crBit', [11, 15]),
  BH: at('unsigned', [19, 20]),

  BF: at('crField', [6, 8]),
  BFA: at('crField', [11, 13]),
  BT: at('crBit', [6, 10]),
  BA: at('crBit', [11, 15]),
  BB: at('crBit', [16, 20]),
  BC: at('crBit', [21, 25]),
  FXM: at('unsigned', [12, 19]),

  NB: { ...at('unsigned', [16, 20]), zeroIs: 32 },

  SH: at('unsigned', [16, 20]),
  MB: at('unsigned', [21, 25]),
  ME: at('unsigned', [26, 30]),
  sh: at('unsigned', [30, 30], [16, 20]), // MD and XS forms
  mb: at('unsigned', [26, 26], [21, 25]), // MD and MDS forms
  me: at('unsigned', [26, 26], [21, 25]),

  TO: at('unsigned', [6, 10]),
  TH: at('unsigned', [6, 10]),
  CT: at('unsigned', [7, 10]),
  CY: at('unsigned', [21, 22]),
  L: at('unsigned', [10, 10]), // compares
  L2: at('unsigned', [9, 10]), // sync, dcbf
  L15: at('unsigned', [15, 15]), // mtmsr, mtmsrd
  EH: at('unsigned', [31, 31]),
  IH: at('unsigned', [8, 10]), // slbia
  LEV: at('unsigned', [20, 26]),
  SPR: at('spr', [16, 20], [11, 15]),

  OE: at('unsigned', [21, 21]),
  Rc: at('unsigned', [31, 31]),
  AA: at('unsigned', [30, 30]),
  LK: at('unsigned', [31, 31]),
} as const satisfies Record<string, Field>;

/** Name of a field. */
export type FieldName = keyof typeof FIELDS;

/** Number of bits of a field, as they stand in the word (without the scale). */
export function fieldWidth(name: FieldName): number {
  return FIELDS[name].pieces.reduce((width, [first, last]) => width + last - first + 1, 0);
}

/** Whether the field holds a two's complement number. */
export function isSigned(name: FieldName): boolean {
  const { kind } = FIELDS[name];
  return kind === 'signed' || kind === 'relative';
}

/** Smallest and largest value that the field can hold, scale applied. Values between must be multiples of 2^scale. */
export function fieldRange(name: FieldName): { min: number; max: number; step: number } {
  const bits = fieldWidth(name);
  const { scale, zeroIs }: Field = FIELDS[name];
  const step = 2 ** scale;
  if (zeroIs !== undefined) return { min: step, max: zeroIs, step };
  return isSigned(name)
    ? { min: -(2 ** (bits - 1)) * step, max: (2 ** (bits - 1) - 1) * step, step }
    : { min: 0, max: (2 ** bits - 1) * step, step };
}

/** Value of a field in an instruction word: sign-extended and scaled as the field says. */
export function extractField(name: FieldName, word: number): number {
  let value = 0;
  for (const [first, last] of FIELDS[name].pieces) {
    const width = last - first + 1;
    value = (value << width) | ((word >>> (31 - last)) & (2 ** width - 1));
  }
  const { scale, zeroIs }: Field = FIELDS[name];
  if (zeroIs !== undefined && value === 0) return zeroIs;
  const unused = 32 - fieldWidth(name);
  return (isSigned(name) ? (value << unused) >> unused : value) * 2 ** scale;
}

/** The instruction word with the field set to a value of {@link fieldRange}; excess bits of the value are dropped. */
export function insertField(name: FieldName, word: number, value: number): number {
  let rest = Math.floor(value / 2 ** FIELDS[name].scale);
  let result = word;
  for (const [first, last] of [...FIELDS[name].pieces].reverse()) {
    const width = last - first + 1;
    const ones = 2 ** width - 1;
    result = (result & ~(ones << (31 - last))) | ((rest & ones) << (31 - last));
    rest = Math.floor(rest / 2 ** width);
  }
  return result >>> 0;
}

/** A mask of the field's bits in the word. */
export function fieldMask(name: FieldName): number {
  return insertField(name, 0, fieldRange(name).step * -1);
}
