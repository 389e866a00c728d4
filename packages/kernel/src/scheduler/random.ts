import type { Scheduler } from './scheduler.ts';

/** A generator of 32-bit numbers whose state can be saved: sfc32 (Chris Doty-Humphrey, PractRand), seeded with 32 bits and run in for twelve rounds. */
export class Sfc32 {
  private readonly s: Int32Array;

  constructor(seed: number) {
    this.s = Int32Array.of(0, seed, 0x9e3779b9, 1);
    for (let i = 0; i < 12; i++) this.next();
  }

  /** The next number, 0 to 2^32 - 1. */
  next(): number {
    const { s } = this;
    const result = (s[0] + s[1] + s[3]) | 0;
    s[3] = s[3] + 1;
    s[0] = s[1] ^ (s[1] >>> 9);
    s[1] = s[2] + (s[2] << 3);
    s[2] = ((s[2] << 21) | (s[2] >>> 11)) + result;
    return result >>> 0;
  }

  /** A number from 0 to n - 1. */
  below(n: number): number {
    return Math.floor((this.next() / 0x1_0000_0000) * n);
  }

  /** The state, to go on from later. */
  save(): readonly number[] {
    return [...this.s];
  }

  /** Goes on from a saved state. */
  load(state: readonly number[]): void {
    this.s.set(state);
  }
}

/** How a random run behaves. */
export interface RandomOptions {
  /** Longest time slice in steps; default 1. */
  readonly maxBudget?: number;
  /** One in how many picks may be a fault, when one is on offer; default 16, 0 for never. */
  readonly faultEvery?: number;
}

/** Picks at random, the same way for the same seed. Print the seed before the run. */
export function seededRandom(
  seed: number,
  { maxBudget = 1, faultEvery = 16 }: RandomOptions = {},
): Scheduler & { readonly generator: Sfc32 } {
  const generator = new Sfc32(seed);
  return {
    generator,
    next(alternatives) {
      const wanted = faultEvery > 0 && generator.below(faultEvery) === 0 ? 'fault' : 'none';
      const candidates = alternatives.flatMap(({ cost }, index) => (cost === wanted ? [index] : []));
      const pool =
        candidates.length > 0
          ? candidates
          : alternatives.flatMap(({ cost }, index) => (cost === 'none' ? [index] : []));
      if (pool.length === 0) return undefined;
      return { index: pool[generator.below(pool.length)], budget: 1 + generator.below(maxBudget) };
    },
    choose: (_name, count) => generator.below(count),
  };
}
