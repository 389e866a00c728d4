import type { FieldKind } from '../isa/fields.ts';
import { SPRS } from '../isa/sprs.ts';

const numbered = (prefix: string, count: number): [string, number][] =>
  Array.from({ length: count }, (_, index) => [`${prefix}${index}`, index]);

const GPRS = new Map([...numbered('r', 32), ['sp', 1] as const]);
const CR_FIELDS = new Map(numbered('cr', 8));

/** CTRL has a number to read and one to write: which is meant, only `mfctrl` and `mtctrl` say. */
function hasOneNumber({ name }: { readonly name: string }): boolean {
  return SPRS.filter((spr) => spr.name === name).length === 1;
}

/** Names of the bits of a CR field, in their order. */
export const CR_BITS = ['lt', 'gt', 'eq', 'so'] as const;

/** The names that an operand of a kind may use for numbers, as in `4*cr7+eq`. Plain numbers are always taken too. */
export const REGISTER_NAMES: Readonly<Record<FieldKind, ReadonlyMap<string, number>>> = {
  gpr: GPRS,
  gprOrZero: GPRS,
  crField: CR_FIELDS,
  crBit: new Map([...CR_FIELDS, ...CR_BITS.map((name, index) => [name, index] as const), ['un', 3]]),
  spr: new Map(SPRS.filter(hasOneNumber).map(({ name, number }) => [name, number])),
  unsigned: new Map(),
  signed: new Map(),
  relative: new Map(),
};

/** What is wrong with a name that looks like a register's but is none, such as `r40` or `R3`; undefined for other names. */
export function noRegister(name: string): string | undefined {
  const prefix = /^(r|cr|f|v|vs)\d+$/i.exec(name)?.[1]?.toLowerCase();
  if (prefix === undefined || GPRS.has(name) || CR_FIELDS.has(name)) return undefined;
  if (prefix === 'r') return `${name} is no register: r0 to r31`;
  if (prefix === 'cr') return `${name} is no CR field: cr0 to cr7`;
  return `${name} is no register: r0 to r31, cr0 to cr7; there is no floating point here, and there are no vectors`;
}
