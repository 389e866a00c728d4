import { SPRS } from '../src/isa/sprs.ts';
import type { Entry, Slot } from '../src/mnemonics/entry.ts';

/** Edge values of an operand, an ordinary one first. */
function edges({ kind, min, max, step }: Slot, index: number): number[] {
  // objdump has names of its own for the registers of other processors.
  if (kind === 'spr') return SPRS.map(({ number }) => number);
  // Ordinary registers differ, so that operands in the wrong order show, and no invalid form is met by chance.
  const ordinary = kind === 'gpr' || kind === 'gprOrZero' ? 4 + index : Math.min(max, min + step * (3 + index));
  return [...new Set([ordinary, min, max, min + step, max - step])];
}

/**
 * Operand values of a mnemonic: all ordinary; each operand at each of its edges while the others are ordinary; all at their
 * least; all at their largest.
 */
export function edgeValues({ slots, encode }: Entry): number[][] {
  const perSlot = slots.map(edges);
  const ordinary = perSlot.map(([first]) => first ?? 0);
  const values = [
    ordinary,
    ...perSlot.flatMap((list, slot) => list.slice(1).map((value) => ordinary.with(slot, value))),
    slots.map(({ min }) => min),
    slots.map(({ max }) => max),
  ];
  return values.filter((list) => encode(list) !== undefined);
}
