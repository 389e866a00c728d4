import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { thrown } from '../testing.ts';
import { fixture } from './fixture.ts';

describe('RAM', () => {
  it('reads and writes in both byte orders', () => {
    const { ram } = fixture();
    ram.writeU64(0x10, 0x0123_4567_89ab_cdefn, 'big');
    expect(ram.readU32(0x10, 'big')).toBe(0x0123_4567);
    expect(ram.readU64(0x10, 'little')).toBe(0xefcd_ab89_6745_2301n);
    ram.writeU32(0x13, 0xdead_beef, 'little');
    expect([...ram.readBytes(0x10, 8)]).toEqual([0x01, 0x23, 0x45, 0xef, 0xbe, 0xad, 0xde, 0xef]);
  });

  it('writes bytes anywhere and undoes them', () => {
    fc.assert(
      fc.property(fc.nat(1023), fc.uint8Array({ maxLength: 40 }), (address, bytes) => {
        const { ram, arena } = fixture();
        ram.writeBytes(
          0,
          Uint8Array.from({ length: 1024 }, (_, i) => i),
        );
        const expected = ram.readBytes(0, 1024);
        const mark = arena.mark();
        const fitting = bytes.subarray(0, 1024 - address);
        ram.writeBytes(address, fitting);
        const written = ram.readBytes(0, 1024);
        const byHand = Uint8Array.from(expected);
        byHand.set(fitting, address);
        expect(written).toEqual(byHand);
        arena.undo(mark);
        expect(ram.readBytes(0, 1024)).toEqual(expected);
      }),
    );
  });

  it('ends where it ends', () => {
    const { ram } = fixture();
    for (const address of [-1, 1021, 1e12, 0.5, Number.NaN])
      expect(thrown(() => ram.readU32(address, 'big'))).toMatchObject({ code: 'ARENA_OUT_OF_RANGE' });
    expect(thrown(() => ram.writeU64(1017, 0n, 'big'))).toMatchObject({ code: 'ARENA_OUT_OF_RANGE' });
    expect(ram.readU32(1020, 'big')).toBe(0);
  });

  it('tells observers what was written', () => {
    const { ram } = fixture();
    const seen: number[][] = [];
    ram.onWrite((address, length) => seen.push([address, length]));
    ram.writeU32(8, 1, 'big');
    ram.writeBytes(3, new Uint8Array(11));
    expect(seen).toEqual([
      [8, 4],
      [3, 11],
    ]);
  });
});
