import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rtasBlock } from './rtas-block.ts';
import { bench } from './testing.ts';

const RAM = 0x1_0000;
const { ram } = bench('nop').machine;

/** Puts cells where they fit into RAM, and what is there else to zero; answers with all of RAM. */
function put(address: bigint, cells: readonly number[]): Uint8Array {
  ram.writeBytes(0, new Uint8Array(RAM));
  for (const [i, cell] of cells.entries()) {
    const at = Number(address) + 4 * i;
    if (ram.holds(at, 4)) ram.writeU32(at, cell, 'big');
  }
  return ram.readBytes(0, RAM);
}

const TOKEN = 0x2005;
const at = (address: number | bigint, argumentCount: number, resultCount: number) => {
  put(BigInt(address), [TOKEN, argumentCount, resultCount, 77]);
  return rtasBlock(ram, BigInt(address));
};

describe('an argument block', () => {
  it.each([
    ['with as many cells as there may be', 0x2000, 9, 7, true],
    ['with one more', 0x2000, 9, 8, false],
    ['with as many results as a cell can say', 0x2000, 0, 0xffff_ffff, false],
    ['whose counts add up to nothing in 32 bits', 0x2000, 0xffff_ffff, 1, false],
    ['at an odd address', 0x2001, 1, 1, true],
    ['that ends where RAM does', RAM - 20, 1, 1, true],
    ['whose result is outside RAM', RAM - 16, 1, 1, false],
    ['of which a byte is outside RAM', RAM - 19, 1, 1, false],
    ['whose header is outside RAM', RAM - 8, 0, 0, false],
    ['behind RAM', RAM, 0, 0, false],
    ['above 4 GiB, at an address that is in RAM without its upper half', 0x1_0000_2000, 0, 0, false],
    ['at the last address of all', 0xffff_ffff_ffff_ffffn, 0, 0, false],
  ])('%s', (_what, address, argumentCount, resultCount, is) => {
    expect(at(address, argumentCount, resultCount) !== undefined).toBe(is);
  });

  it('has its arguments and results alone', () => {
    const block = at(0x2000, 1, 1);
    expect([0, 1].map((index) => block?.argument(index))).toEqual([77, 0]);
    const before = ram.readBytes(0, RAM);
    block?.setResult(1, 5);
    expect(ram.readBytes(0, RAM)).toEqual(before);
    block?.setResult(0, -3);
    expect(ram.readU32(0x2010, 'big')).toBe(0xffff_fffd);
  });

  it('of any address and any cells writes its results and nothing else', () => {
    const cell = fc.oneof(fc.nat(18), fc.nat(0xffff_ffff), fc.constantFrom(0x7fff_ffff, 0x8000_0000, 0xffff_ffff));
    const address = fc.oneof(
      fc.bigInt(0n, BigInt(RAM)),
      fc.bigInt(BigInt(RAM - 80), BigInt(RAM + 16)),
      fc.bigInt(0n, 2n ** 64n - 1n),
    );
    fc.assert(
      fc.property(address, fc.array(cell, { minLength: 3, maxLength: 20 }), (where, cells) => {
        const before = put(where, cells);
        const block = rtasBlock(ram, where);
        for (let i = 0; i < 20; i++) block?.argument(i);
        for (let i = 0; i < 20; i++) block?.setResult(i, 0x5a5a_5a5a);
        const after = ram.readBytes(0, RAM);
        if (block) {
          const results = Number(where) + 12 + 4 * block.argumentCount;
          const end = results + 4 * block.resultCount;
          expect(end).toBeLessThanOrEqual(RAM);
          expect(after.subarray(results, end).every((byte) => byte === 0x5a)).toBe(true);
          before.fill(0x5a, results, end);
        }
        expect(Buffer.compare(after, before)).toBe(0);
      }),
      { numRuns: 300 },
    );
  });
});
