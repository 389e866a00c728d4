import { disassemble } from '@checkstop/ppc-core';

/** One word of a listing: address, word, instruction. */
export function listingLine(address: number, word: number, symbols?: ReadonlyMap<string, number>): string {
  const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0');
  return `${hex(address, 8)}:  ${hex(word >>> 0, 8)}  ${disassemble(word, address, symbols && { symbols })}`;
}

/** The words of some bytes, in the given byte order; up to three bytes at the end are left out. */
export function wordsOf(bytes: Uint8Array, endian: 'big' | 'little'): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: bytes.length >> 2 }, (_, index) => view.getUint32(4 * index, endian === 'little'));
}
