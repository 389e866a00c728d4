import type { Ram } from '@checkstop/kernel';
import type { Guest } from './guest.ts';

/** Real addresses have 60 bits; what the effective address has above them is ignored (Power ISA, Book III, 5.7.3). */
const REAL_BITS = 60;

/**
 * The word of the instruction at an effective address, whatever that is, in the byte order in which a guest executes what is
 * there; undefined outside RAM, where a guest that has lost its way may well be.
 */
export function wordAt(
  ram: Pick<Ram, 'holds' | 'readU32'>,
  guest: Pick<Guest, 'endian' | 'swapped'>,
  address: number | bigint,
): number | undefined {
  const real = Number(BigInt.asUintN(REAL_BITS, BigInt(address)));
  return ram.holds(real, 4) ? ram.readU32(real, orderAt(guest, real)) : undefined;
}

function orderAt({ endian, swapped = [] }: Pick<Guest, 'endian' | 'swapped'>, address: number): Guest['endian'] {
  const isSwapped = swapped.some(({ start, end }) => address >= start && address < end);
  return isSwapped === (endian === 'big') ? 'little' : 'big';
}
