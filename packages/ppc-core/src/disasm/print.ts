import type { Entry, Slot } from '../mnemonics/entry.ts';
import { CR_BITS } from '../mnemonics/registers.ts';

/** How to print an instruction. */
export interface DisassembleOptions {
  /** Labels by name; a branch target is followed by the nearest at or before it: `b 0x1010 <loop+0x8>`. */
  readonly symbols?: ReadonlyMap<string, number>;
  /** Print basic mnemonics only, as `objdump -M raw` does: `addi r3,0,5` instead of `li r3,5`. */
  readonly raw?: boolean;
}

/** An instruction as written with a mnemonic, its operands' values given. */
export function printEntry(
  { mnemonic, row, slots }: Entry,
  values: readonly number[],
  address: number | bigint,
  { symbols, raw = false }: DisassembleOptions = {},
): string {
  const from = row.variant.AA ? 0n : BigInt(address);
  const plain = slots.map(({ optional }, index) => !optional || values[index] === 0);
  let text = '';
  for (const [index, slot] of slots.entries()) {
    // What may be left out is left out if nothing optional follows that has to be said.
    if (!raw && slot.optional && plain.indexOf(false, index) < 0) continue;
    const value = values[index] ?? 0;
    const operand = slot.kind === 'relative' ? target(from + BigInt(value), symbols) : show(slot, value);
    text += slot.inParentheses ? `(${operand})` : `${text === '' ? ' ' : ','}${operand}`;
  }
  return mnemonic + text;
}

function show({ kind }: Slot, value: number): string {
  if (kind === 'gpr') return `r${value}`;
  if (kind === 'gprOrZero') return value === 0 ? '0' : `r${value}`;
  if (kind === 'crField') return `cr${value}`;
  if (kind !== 'crBit') return `${value}`;
  const bit = CR_BITS[value & 3] ?? '';
  return value < 4 ? bit : `4*cr${value >> 2}+${bit}`;
}

function target(value: bigint, symbols: ReadonlyMap<string, number> = new Map()): string {
  const address = BigInt.asUintN(64, value);
  let label: string | undefined;
  let distance = address + 1n;
  for (const [name, at] of symbols) {
    const from = address - BigInt(at);
    if (at >= 0 && from >= 0n && from < distance) [label, distance] = [name, from];
  }
  const offset = distance === 0n ? '' : `+0x${distance.toString(16)}`;
  return `0x${address.toString(16)}${label === undefined ? '' : ` <${label}${offset}>`}`;
}
