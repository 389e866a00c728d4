import { Sfc32 } from './random.ts';
import type { Scheduler } from './scheduler.ts';

/** Places where a fault was on offer, in the words of the caller, and how often one struck there. */
export type FaultCoverage = ReadonlyMap<string, number>;

/** How {@link coverageGuided} places faults. */
export interface CoverageGuidedOptions {
  /** 32 bits; the same seed and coverage give the same faults. */
  readonly seed: number;
  /** What earlier runs met; empty before the first. Not written: see {@link addCoverage}. */
  readonly coverage: FaultCoverage;
  /** Where an agent is, such as the address of its next instruction. Asked while a fault is on offer to it, in the state before the step. */
  where(agent: number): string;
}

/** A scheduler that remembers where faults could have struck in this run, and where they did. */
export interface GuidedScheduler extends Scheduler {
  readonly met: FaultCoverage;
}

/** Three faults in four are meant for a place that was never struck, while one is known. */
const PREFERENCE = 4;
/** An agent at its place is struck in one of two looks, so that the place's second visit gets its share. */
const PATIENCE = 2;
/** One agent in four has no place in mind, and is struck in one of so many looks: how places are found that nobody knows of yet. */
const AIMLESS = 4;
const AIMLESS_EVERY = 16;

/**
 * Lets `inner` decide about everything but faults, and adds those: each agent draws a place where it shall be struck, rather one that
 * was never struck so far than any other. Over many runs faults so come to lie evenly over places, wherever and however
 * late in a run those are, while faults at random crowd at its beginning.
 */
export function coverageGuided(inner: Scheduler, { seed, coverage, where }: CoverageGuidedOptions): GuidedScheduler {
  const generator = new Sfc32(seed);
  const met = new Map<string, number>();
  const known = [...coverage.keys()].sort();
  const never = known.filter((place) => coverage.get(place) === 0);
  const draw = (): string | undefined => {
    const pool = never.length > 0 && generator.below(PREFERENCE) > 0 ? never : known;
    return pool.length === 0 || generator.below(AIMLESS) === 0 ? undefined : pool[generator.below(pool.length)];
  };
  const aims = new Map<number, string | undefined>();
  const strikes = (agent: number, place: string): boolean => {
    if (!aims.has(agent)) aims.set(agent, draw());
    const aim = aims.get(agent);
    if (aim === undefined) return generator.below(AIMLESS_EVERY) === 0;
    return aim === place && generator.below(PATIENCE) === 0;
  };
  return {
    met,
    next(alternatives) {
      const others: number[] = [];
      for (let index = 0; index < alternatives.length; index++) {
        const { agent, cost } = alternatives[index];
        if (cost !== 'fault') {
          others.push(index);
          continue;
        }
        const place = where(agent);
        const struck = met.get(place) ?? 0;
        const strike = strikes(agent, place);
        met.set(place, strike ? struck + 1 : struck);
        if (!strike) continue;
        aims.delete(agent);
        return { index, budget: 1 };
      }
      // Once every fault has struck, which is most of a run, there is nothing to number anew.
      if (others.length === alternatives.length) return inner.next(alternatives);
      const decision = others.length > 0 ? inner.next(others.map((index) => alternatives[index])) : undefined;
      return decision && { ...decision, index: others[decision.index] };
    },
    choose: (name, count) => inner.choose?.(name, count) ?? 0,
  };
}

/** Adds what a run met to what earlier runs did. */
export function addCoverage(coverage: Map<string, number>, met: FaultCoverage): void {
  for (const [place, struck] of met) coverage.set(place, (coverage.get(place) ?? 0) + struck);
}
