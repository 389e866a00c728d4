import type { FieldKind } from '../isa/fields.ts';

const numbered = (prefix: string, count: number): [string, number][] =>
  Array.from({ length: count }, (_, index) => [`${prefix}${index}`, index]);

const GPRS = new Map([...numbered('r', 32), ['sp', 1] as const]);
const CR_FIELDS = new Map(numbered('cr', 8));

/** Names of the bits of a CR field, in their order. */
export const CR_BITS = ['lt', 'gt', 'eq', 'so'] as const;

/** The names that an operand of a kind may use for numbers, as in `4*cr7+eq`. Plain numbers are always taken too. */
export const REGISTER_NAMES: Readonly<Record<FieldKind, ReadonlyMap<string, number>>> = {
  gpr: GPRS,
  gprOrZero: GPRS,
  crField: CR_FIELDS,
  crBit: new Map([...CR_FIELDS, ...CR_BITS.map((name, index) => [name, index] as const), ['un', 3]]),
  spr: new Map(),
  unsigned: new Map(),
  signed: new Map(),
  relative: new Map(),
};
