import { expect, it } from 'vitest';
import { bench } from './testing.ts';
import { wordAt } from './word-at.ts';

const { ram } = bench('b .').machine;
ram.writeU32(0x2000, 0x60000000, 'big');
ram.writeU32(ram.size - 4, 0x60000000, 'big');
const guest = { endian: 'big' as const, swapped: [{ start: 0x2000, end: 0x2004 }] };

it.each([
  ['in the byte order of the guest', ram.size - 4, 0x60000000],
  ['in the other one where the guest has code in that', 0x2000, 0x00000060],
  ['where the real address lies', 0xf000_0000_0000_2000n, 0x00000060],
  ['none behind the end of RAM', ram.size, undefined],
  ['none across it', BigInt(ram.size) - 2n, undefined],
  ['none where nothing is at all', 0xa5a5_a5a5_a5a5_a5a4n, undefined],
])('the word of an instruction is read %s', (_, address, word) => {
  expect(wordAt(ram, guest, address)).toBe(word);
});
