import { GRANULE } from './descriptor.ts';
import type { Layout } from './layout.ts';

/**
 * The incremental hash of the arena: the exclusive or, over all architectural granules, of `mix(address, value)`, in two 32-bit lanes.
 *
 * A granule of value zero contributes nothing, so memory that nobody wrote need not be visited. Generated WebAssembly computes the same function; the constants are exported for it.
 */
export const LANE_A = [0x9e3779b1, 0x85ebca6b, 0xc2b2ae35] as const;

/** The constants of the second lane, see {@link LANE_A}. */
export const LANE_B = [0x27d4eb2f, 0x165667b1, 0xc5e69024] as const;

function mix(address: number, lo: number, hi: number, k1: number, k2: number, k3: number): number {
  if ((lo | hi) === 0) return 0;
  let x = Math.imul(lo ^ Math.imul(address, k1), k2);
  x ^= x >>> 15;
  x = Math.imul(x ^ hi ^ (address >>> 3), k3);
  x ^= x >>> 13;
  x = Math.imul(x, k1);
  return x ^ (x >>> 16);
}

/** What the granule at `address` (bytes, multiple of 8) with these two 32-bit halves contributes to lane A. */
export function mixA(address: number, lo: number, hi: number): number {
  return mix(address, lo, hi, LANE_A[0], LANE_A[1], LANE_A[2]);
}

/** The same for lane B. */
export function mixB(address: number, lo: number, hi: number): number {
  return mix(address, lo, hi, LANE_B[0], LANE_B[1], LANE_B[2]);
}

/** The hash of the architectural state in an arena's memory, computed from all of it: two lanes. */
export function hashOf(i32: Int32Array, layout: Layout): [number, number] {
  let a = 0;
  let b = 0;
  const fold = (start: number, bytes: number): void => {
    for (let address = start; address < start + bytes; address += GRANULE) {
      const cell = address / 4;
      const lo = i32[cell];
      const hi = i32[cell + 1];
      if ((lo | hi) === 0) continue;
      a ^= mixA(address, lo, hi);
      b ^= mixB(address, lo, hi);
    }
  };
  for (const { kind, owner, blockOffset, size } of layout.records) {
    if (kind === 'ghost') continue;
    if (owner === 'shared') fold(layout.sharedBlock + blockOffset, size);
    else
      for (let agent = 0; agent < layout.agents; agent++)
        fold(layout.agentBlocks + agent * layout.agentBlockSize + blockOffset, size);
  }
  fold(layout.ram, layout.ramSize);
  return [a, b];
}
