import type { Alternative } from '../agent.ts';

/** Which alternative is next (index into the list), and for how many steps at most. */
export interface Decision {
  readonly index: number;
  readonly budget: number;
}

/** Answers every choice of a run. Nothing else differs between a fair run, a random one, a replay and an exploration. */
export interface Scheduler {
  /** Picks from a list that is never empty; undefined ends the run. */
  next(alternatives: readonly Alternative[]): Decision | undefined;
  /** Answers a choice inside a step; 0 when absent. */
  choose?(name: string, count: number): number;
}
