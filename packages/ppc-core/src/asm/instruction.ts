import type { FieldKind } from '../isa/fields.ts';
import { entriesNamed, mnemonics } from '../mnemonics/dictionary.ts';
import type { Entry, Slot } from '../mnemonics/entry.ts';
import { noRegister, REGISTER_NAMES } from '../mnemonics/registers.ts';
import { evaluate, type Lookup } from './expression.ts';
import { didYouMean, nearest } from './near.ts';
import type { ParsedOperand } from './parser.ts';
import { asmError, type Place } from './place.ts';

/** The instruction word of a statement at an address. `lookup` knows the symbols there. */
export function encodeInstruction(
  at: Place & { readonly name: string; readonly operands: readonly ParsedOperand[] },
  address: bigint,
  lookup: Lookup,
): number {
  const name = at.name.toLowerCase();
  const entries = entriesNamed(name);
  if (entries.length === 0) {
    const near = nearest(name, mnemonics());
    const hint = didYouMean(near, '; expected a mnemonic, a directive such as .long, or a label and ":"');
    throw asmError('ASM_UNKNOWN_MNEMONIC', at, `unknown instruction "${at.name}"${hint}`, { found: at.name, near });
  }
  for (const entry of entries) {
    const operands = matchOperands(entry, at.operands);
    if (!operands) continue;
    const values = entry.slots.map((slot, index) => {
      const operand = operands[index];
      return operand === undefined ? 0 : operandValue(entry, slot, operand, address, lookup);
    });
    const word = entry.encode(values);
    if (word !== undefined) return word;
    const message = `${entry.usage}: the operands ${values.join(', ')} do not go together`;
    throw asmError('ASM_OUT_OF_RANGE', at, message, { expected: entry.usage });
  }
  // What was taken for a symbol is more worth a message than that it makes the wrong number of operands.
  for (const { value } of at.operands) {
    if (value.op === 'name' && noRegister(value.name)) lookup(value.name, value, value.shown);
  }
  const expected = entries.map(({ usage }) => `"${usage}"`).join(' or ');
  throw asmError('ASM_BAD_OPERAND', at, `${at.name} has other operands: expected ${expected}`, { expected });
}

/** The operands given, one for each slot; optional ones are filled from the first on. Undefined if they do not fit. */
function matchOperands(
  { slots }: Entry,
  operands: readonly ParsedOperand[],
): readonly (ParsedOperand | undefined)[] | undefined {
  let spare = operands.length - slots.filter(({ optional }) => !optional).length;
  const rest = [...operands];
  const matched = slots.map(({ optional }) => {
    if (!optional) return rest.shift();
    spare -= 1;
    return spare >= 0 ? rest.shift() : undefined;
  });
  const fits = slots.every(({ optional, inParentheses }, index) => {
    const operand = matched[index];
    return operand ? operand.inParentheses === inParentheses : optional;
  });
  return fits && rest.length === 0 ? matched : undefined;
}

const EXPECTED: Readonly<Record<FieldKind, string>> = {
  gpr: 'a register r0..r31',
  gprOrZero: 'a register r1..r31, or 0 for none',
  crField: 'a CR field cr0..cr7',
  crBit: 'a CR bit such as 4*cr7+eq',
  spr: 'the name or number of a special purpose register',
  unsigned: 'a number',
  signed: 'a number',
  relative: 'an address',
};

function operandValue(entry: Entry, slot: Slot, operand: ParsedOperand, address: bigint, lookup: Lookup): number {
  const names = REGISTER_NAMES[slot.kind];
  const expected = EXPECTED[slot.kind];
  const node = operand.value;
  let value = evaluate(node, (name, at, shown) => {
    const number = names.get(name);
    if (number !== undefined) return BigInt(number);
    if (isRegister(name)) {
      throw asmError('ASM_BAD_OPERAND', at, `${entry.mnemonic}: expected ${expected}, found the register ${shown}`, {
        expected,
      });
    }
    return lookup(name, at, shown);
  });
  // Sixteen bits cut from an address are neither signed nor unsigned.
  if (node.op === 'part' && slot.kind === 'signed') value = BigInt.asIntN(16, value);
  const distance = slot.kind === 'relative' && !entry.row.variant.AA;
  if (distance) value = BigInt.asIntN(64, value - address);
  if (value < BigInt(slot.min) || value > BigInt(slot.max) || value % BigInt(slot.step) !== 0n) {
    const multiple = slot.step === 1 ? '' : `, a multiple of ${slot.step}`;
    const range = `${slot.min}..${slot.max}${multiple}`;
    const what = distance ? 'the target is too far or not aligned: its distance is' : `expected ${expected} in`;
    const message = distance ? `${what} ${value}, expected ${range}` : `${what} ${range}, found ${value}`;
    const { min, max, step } = slot;
    throw asmError('ASM_OUT_OF_RANGE', node, `${entry.mnemonic}: ${message}`, { min, max, step, value });
  }
  return Number(value);
}

/** Special purpose registers have no names but where one is expected: `dec` may be a label. */
function isRegister(name: string): boolean {
  return Object.entries(REGISTER_NAMES).some(([kind, names]) => kind !== 'spr' && names.has(name));
}
