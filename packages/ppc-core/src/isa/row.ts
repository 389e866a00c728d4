import type { Builder } from '../ir/builder.ts';
import { type Form, parseEncoding } from './encoding.ts';
import { FIELDS, type FieldName, insertField } from './fields.ts';

/**
 * What an instruction can touch beyond the registers of its own vCPU: all that an explorer needs to know to tell local
 * steps from visible ones, and a translator to tell where a region may end.
 *
 * - `registers`: nothing
 * - `branch`: nothing, but the next instruction may be elsewhere
 * - `load`, `store`: RAM
 * - `reserve`: RAM and the reservations of all vCPUs
 * - `system`: may leave the guest, enter an interrupt of its own will, or change the machine state register
 *
 * Any load or store may in addition end in a storage interrupt.
 */
export type Footprint = 'registers' | 'branch' | 'load' | 'store' | 'reserve' | 'system';

/** One operand as the assembler writes it. */
export interface Operand {
  /** The field that holds it. */
  readonly field: FieldName;
  /** For `D(RA)`: the field of the base register in parentheses. */
  readonly base?: FieldName;
  /** May be left out, from here to the end; it is then zero. */
  readonly optional?: true;
}

/** The bits that make variants of one instruction; a row has those that its encoding names. */
export interface VariantBits {
  /** Overflow is recorded in XER (mnemonic ends in `o`). */
  readonly OE?: boolean;
  /** The result is compared with zero in CR0 (mnemonic ends in `.`). */
  readonly Rc?: boolean;
  /** The return address goes to LR (mnemonic ends in `l`). */
  readonly LK?: boolean;
  /** The target is absolute (mnemonic ends in `a`). */
  readonly AA?: boolean;
}

/** One instruction: what it is called, how it is encoded, what it does. Everything else is made from this. */
export interface Row {
  readonly mnemonic: string;
  /** The mnemonic without the suffixes of its variant: `add` for `addo.`. */
  readonly base: string;
  readonly form: Form;
  /** The encoding as encoding.ts reads it, variant bits open. */
  readonly encoding: string;
  /** The bits that must match, and what they must be; variant bits included. */
  readonly mask: number;
  readonly value: number;
  /** In the assembler's order. */
  readonly operands: readonly Operand[];
  readonly variant: VariantBits;
  /** Executing it with MSR[PR]=1 is a privileged-instruction program interrupt. */
  readonly privileged: boolean;
  readonly footprint: Footprint;
  /** Describes the instruction's effect to a builder; must not depend on anything else. */
  readonly semantics: (b: Builder) => void;
}

/** What all rows of a maker have in common. */
export interface RowTraits {
  readonly footprint: Footprint;
  readonly privileged?: boolean;
}

/** Makes the rows of one instruction: all the variants that its encoding leaves open. */
export type RowMaker = (
  mnemonic: string,
  encoding: string,
  operands: string,
  semantics: (b: Builder) => void,
) => readonly Row[];

/** Variant bits in the order in which their suffixes are appended to a mnemonic. */
const SUFFIXES = [
  ['OE', 'o'],
  ['Rc', '.'],
  ['LK', 'l'],
  ['AA', 'a'],
] as const;

/**
 * A maker for rows with the given traits. A row reads as the ISA's page does: mnemonic, encoding (see encoding.ts),
 * operands in the assembler's order separated by commas, `D(RA0)` for a displacement and its base, brackets around what
 * may be left out.
 */
export function rowMaker(traits: RowTraits): RowMaker {
  return (base, encoding, operandText, semantics) => {
    const { form, mask, value, fields } = parseEncoding(encoding);
    const operands = parseOperands(operandText);
    let rows: Row[] = [
      {
        ...{ mnemonic: base, base, form, encoding, mask, value, operands, semantics, variant: {} },
        ...{ footprint: traits.footprint, privileged: traits.privileged ?? false },
      },
    ];
    for (const [bit, suffix] of SUFFIXES) {
      if (!fields.includes(bit)) continue;
      const set = insertField(bit, 0, 1);
      rows = rows.flatMap((row) => [
        { ...row, mask: (row.mask | set) >>> 0, variant: { ...row.variant, [bit]: false } },
        {
          ...row,
          mnemonic: row.mnemonic + suffix,
          mask: (row.mask | set) >>> 0,
          value: (row.value | set) >>> 0,
          variant: { ...row.variant, [bit]: true },
        },
      ]);
    }
    return rows;
  };
}

function parseOperands(text: string): Operand[] {
  return [...text.matchAll(/(\[?)(\w+)(?:\((\w+)\))?/g)].map(([, bracket, field, base]) => ({
    field: fieldName(field),
    ...(base !== undefined && { base: fieldName(base) }),
    ...(bracket && { optional: true as const }),
  }));
}

function fieldName(name: string | undefined): FieldName {
  if (name === undefined || !(name in FIELDS)) throw new TypeError(`no field ${name}`);
  return name as FieldName;
}
