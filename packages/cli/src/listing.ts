import { disassemble } from '@checkstop/ppc-core';

/** One word of a listing: address, word, instruction. */
export function listingLine(address: number, word: number, symbols?: ReadonlyMap<string, number>): string {
  const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0');
  return `${hex(address, 8)}:  ${hex(word >>> 0, 8)}  ${disassemble(word, address, symbols && { symbols })}`;
}

/** A listing of a flat image, line by line, word by word in the given byte order; bytes behind the last word are data. */
export function* imageLines(bytes: Uint8Array, endian: 'big' | 'little', origin: number): Generator<string> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = bytes.length & ~3;
  for (let at = 0; at < end; at += 4) yield listingLine(origin + at, view.getUint32(at, endian === 'little'));
  if (end < bytes.length) yield dataLine(origin + end, bytes.subarray(end));
}

/** Bytes of a listing that are no instruction: address, bytes, and what makes them. */
function dataLine(address: number, bytes: Uint8Array): string {
  const digits = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0'));
  return `${address.toString(16).padStart(8, '0')}:  ${digits.join('').padEnd(8)}  .byte ${digits.map((byte) => `0x${byte}`).join(',')}`;
}
