import { describe, expect, it } from 'vitest';
import { LANE_B, mixA, mixB } from './hash.ts';

describe('the hash of a granule', () => {
  it('is what generated code, tokens and recordings rely on (values from an implementation of its own)', () => {
    expect(LANE_B[2]).toBe((0x9e3779b1 ^ 0x5bd1e995) >>> 0);
    const unsigned = (x: number) => `0x${(x >>> 0).toString(16)}`;
    expect([mixA(8, 1, 0), mixA(0x10000, -1, 0x7fffffff)].map(unsigned)).toEqual(['0xc0262b71', '0xb53790e5']);
    expect([mixB(8, 1, 0), mixB(0x10000, -1, 0x7fffffff)].map(unsigned)).toEqual(['0x98572aaa', '0xefa0b27e']);
  });

  it('leaves out zero', () => {
    expect([mixA(8, 0, 0), mixB(8, 0, 0)]).toEqual([0, 0]);
  });
});
