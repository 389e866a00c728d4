import { extractField, FIELDS, type FieldKind, type FieldName, fieldRange, insertField } from '../isa/fields.ts';
import type { Row } from '../isa/row.ts';

/** One operand of a mnemonic, and the values it takes. */
export interface Slot {
  readonly kind: FieldKind;
  readonly min: number;
  readonly max: number;
  /** Values are multiples of this. */
  readonly step: number;
  /** May be left out; it is then zero. */
  readonly optional: boolean;
  /** Stands in parentheses after the operand before it: the base register of `8(r4)`. */
  readonly inParentheses: boolean;
}

/** A mnemonic with its operands: what a row of the instruction table or an extended mnemonic is to a text. */
export interface Entry {
  readonly mnemonic: string;
  /** How it is written: `addi RT,RA0,SI`. */
  readonly usage: string;
  /** The instruction that it writes. */
  readonly row: Row;
  readonly slots: readonly Slot[];
  /** The instruction word for values within the slots' ranges; undefined if they do not go together. */
  encode(values: readonly number[]): number | undefined;
  /** The values that give this word; undefined if none do. */
  decode(word: number): readonly number[] | undefined;
}

/** The slot of a field. */
export function slotOf(field: FieldName, optional = false, inParentheses = false): Slot {
  return { kind: FIELDS[field].kind, ...fieldRange(field), optional, inParentheses };
}

/** Fields of a row in the order of its operands; a base register follows its displacement. */
export function operandFields(row: Row): FieldName[] {
  return row.operands.flatMap(({ field, base }) => (base === undefined ? [field] : [field, base]));
}

/** The entry of a row under its own name. */
export function rowEntry(row: Row): Entry {
  const fields = operandFields(row);
  const slots = row.operands.flatMap(({ field, base, optional }) => [
    slotOf(field, optional),
    ...(base === undefined ? [] : [slotOf(base, false, true)]),
  ]);
  const encode = (values: readonly number[]): number =>
    fields.reduce((word, field, index) => insertField(field, word, values[index] ?? 0), row.value);
  const decode = (word: number): number[] | undefined => {
    const values = fields.map((field) => extractField(field, word));
    // Bits that are neither fixed nor operands are reserved; a word that has them set cannot be written so.
    return encode(values) === word ? values : undefined;
  };
  const { mnemonic } = row;
  return { mnemonic, usage: usageOf(row), row, slots: slots.map((slot) => widened(row, slot)), encode, decode };
}

/**
 * What GNU as takes too: the immediate of addis as the unsigned upper half that it is, as in `lis r3,0x8000`, and the 32
 * bytes of lswi and stswi as the 0 that they are in the word.
 */
function widened(row: Row, slot: Slot): Slot {
  if (/^(l|st)swi$/.test(row.base) && slot.kind === 'unsigned') return { ...slot, min: 0 };
  return row.base === 'addis' && slot.kind === 'signed' ? { ...slot, max: 0xffff } : slot;
}

function usageOf({ mnemonic, operands }: Row): string {
  const texts = operands.map(({ field, base, optional }) => {
    const text = base === undefined ? field : `${field}(${base})`;
    return optional ? `[${text}]` : text;
  });
  return `${mnemonic} ${texts.join(',')}`.trim();
}
