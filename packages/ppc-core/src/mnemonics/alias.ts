import { extractField, FIELDS, type FieldName, fieldMask, fieldRange, insertField, isSigned } from '../isa/fields.ts';
import type { Row } from '../isa/row.ts';
import { type Entry, operandFields, rowEntry, type Slot, slotOf } from './entry.ts';

/** A sum of operands such as `31-n` or `4*BF+2`: what a field of the base instruction holds. */
interface Part {
  readonly field: FieldName;
  readonly slot: Slot;
  readonly constant: number;
  /** Operand to factor. */
  readonly terms: ReadonlyMap<string, number>;
}

/**
 * Makes the entry of an extended mnemonic from a line as the ISA prints it (Power ISA 3.0B, Book I, appendix C), the
 * extended form on the left and its equivalent on the right: `srwi RA,RS,n = rlwinm RA,RS,32-n,n,31`.
 *
 * Operands on the right are sums of those on the left. An operand takes its kind and range from where it stands by itself
 * on the right, else from the field that it is named like, else from the sum in which it stands; a range can be written
 * after it (`n=0..3`). Brackets mark what may be left out and is then zero.
 */
export function aliasEntry(line: string, rowNamed: (mnemonic: string) => Row): Entry {
  const [usage = '', right = ''] = line.split(' = ');
  const [mnemonic = '', operandText = ''] = usage.split(' ');
  const [base = '', sumText = ''] = right.split(' ');
  const row = rowNamed(base);
  const target = rowEntry(row);
  const sums = sumText.split(/[,()]/).filter((text) => text !== '');
  const parts = operandFields(row).map((field, index): Part => {
    return { field, slot: target.slots[index] as Slot, ...parseSum(sums[index] ?? '0') };
  });
  const operands = [...operandText.matchAll(/(\[)?(\()?(\w+)(?:=(\d+)\.\.(\d+))?/g)];
  const names = operands.map(([, , , name = '']) => name);
  const slots = operands.map(([, bracket, parenthesis, name = '', min, max]) => ({
    ...slotFor(name, parts),
    ...(min !== undefined && { min: Number(min), max: Number(max) }),
    optional: bracket !== undefined,
    inParentheses: parenthesis !== undefined,
  }));

  const constants = parts.filter(({ terms }) => terms.size === 0);
  const fixedMask = constants.reduce((bits, { field }) => bits | fieldMask(field), row.mask);
  const fixed = constants.reduce((word, { field, constant }) => insertField(field, word, constant), row.value);

  const encode = (values: readonly number[]): number | undefined => {
    const fields = parts.map(({ field, constant, terms }) => {
      let value = constant;
      for (const [name, factor] of terms) value += factor * (values[names.indexOf(name)] ?? 0);
      return isRotation(field) && value === fieldRange(field).max + 1 ? 0 : value;
    });
    return parts.every(({ slot }, index) => holds(slot, fields[index])) ? target.encode(fields) : undefined;
  };

  const decode = (word: number): readonly number[] | undefined => {
    if ((word & fixedMask) >>> 0 !== fixed) return undefined;
    const known = solve(parts, word);
    const values = names.map((name) => known.get(name) ?? Number.NaN);
    return slots.every((slot, index) => holds(slot, values[index])) && encode(values) === word ? values : undefined;
  };

  return { mnemonic, usage, row, slots, encode, decode };
}

/** Finds the operands one after another, each from a sum in which it alone is unknown. */
function solve(parts: readonly Part[], word: number): Map<string, number> {
  const known = new Map<string, number>();
  const unknown = ({ terms }: Part): string[] => [...terms.keys()].filter((name) => !known.has(name));
  for (;;) {
    const ready = parts.filter((part) => unknown(part).length === 1);
    // A rotation is known only up to a full turn, so it is asked last.
    const part = ready.find(({ field }) => !isRotation(field)) ?? ready[0];
    if (part === undefined) return known;
    const { field, constant, terms } = part;
    const [name = ''] = unknown(part);
    let rest = extractField(field, word) - constant;
    for (const [other, factor] of terms) rest -= factor * (known.get(other) ?? 0);
    const value = rest / (terms.get(name) ?? 1);
    known.set(name, isRotation(field) ? value & fieldRange(field).max : value);
  }
}

/** Whether a value is one that the slot takes. */
function holds({ min, max, step }: Slot, value = Number.NaN): boolean {
  return value >= min && value <= max && value % step === 0;
}

/** Rotating by 32 is rotating by 0. */
function isRotation(field: FieldName): boolean {
  return field === 'SH' || field === 'sh';
}

function parseSum(text: string): Pick<Part, 'constant' | 'terms'> {
  let constant = 0;
  const terms = new Map<string, number>();
  for (const [, sign, factor = '1', name, number] of text.matchAll(/([+-]?)(?:(\d+)\*)?(?:([A-Za-z]\w*)|(\d+))/g)) {
    const direction = sign === '-' ? -1 : 1;
    if (name === undefined) constant += direction * Number(number);
    else terms.set(name, direction * Number(factor));
  }
  return { constant, terms };
}

function slotFor(name: string, parts: readonly Part[]): Slot {
  const uses = parts.filter(({ terms }) => terms.has(name));
  const single = uses.filter(({ terms }) => terms.size === 1);
  const alone = single.find(({ terms, constant }) => terms.get(name) === 1 && constant === 0);
  if (alone) return alone.slot;
  if (name in FIELDS) return slotOf(name as FieldName);
  const use = single.find(({ field }) => !isRotation(field)) ?? uses[0];
  if (use === undefined) throw new TypeError(`operand ${name} is not used`);
  if (isRotation(use.field)) return use.slot;
  const ends = [use.slot.min, use.slot.max].map((end) => (end - use.constant) / (use.terms.get(name) ?? 1));
  const kind = isSigned(use.field) ? 'signed' : 'unsigned';
  return { ...use.slot, kind, min: Math.min(...ends), max: Math.max(...ends) };
}
