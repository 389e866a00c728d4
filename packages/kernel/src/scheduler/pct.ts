import { Sfc32 } from './random.ts';
import type { Scheduler } from './scheduler.ts';

/** How a run under {@link pct} goes. */
export interface PctOptions {
  /** 32 bits; the same seed gives the same run. */
  readonly seed: number;
  /** How many orderings between agents the bug needs, at least 1. A run changes priorities `depth` - 1 times. Default 3. */
  readonly depth?: number;
  /** How many steps the run is expected to take, at least 1: the priority changes lie among them. */
  readonly steps: number;
}

/**
 * Probabilistic concurrency testing (Burckhardt, Kothari, Musuvathi, Nagarakatte, ASPLOS 2010): agents get priorities at
 * random, the highest that can go on does, and at `depth` - 1 steps drawn beforehand the agent about to go falls below all
 * others. A bug of that depth among n agents is met with a probability of at least 1 / (n * steps ^ (depth - 1)), if the run takes
 * no more than `steps` steps and nobody but the agents takes part; random choices promise nothing of the kind.
 *
 * A run that goes on for longer goes on at random, since an agent that spins until another gets somewhere would for ever keep
 * it from going there. Faults are never taken: {@link coverageGuided} adds them.
 */
export function pct({ seed, depth = 3, steps }: PctOptions): Scheduler {
  const generator = new Sfc32(seed);
  const changes = new Map<number, number>();
  for (let change = 1; change < depth; change++) changes.set(generator.below(steps), -change);
  /** Initial priorities lie between 0 and 1; those after a change are negative, and which of those is lower has nothing to do with which came first. */
  const priorities = new Map<number, number>();
  const priorityOf = (agent: number): number => {
    const known = priorities.get(agent) ?? generator.next() / 0x1_0000_0000;
    priorities.set(agent, known);
    return known;
  };
  const highest = (agents: readonly number[]): number =>
    agents.reduce((a, b) => (priorityOf(b) > priorityOf(a) ? b : a));
  let taken = 0;
  return {
    next(alternatives) {
      const pool = alternatives.flatMap(({ cost }, index) => (cost === 'none' ? [index] : []));
      if (pool.length === 0) return undefined;
      const pick = (indices: readonly number[]): number => indices[generator.below(indices.length)];
      const now = taken++;
      if (now >= steps) return { index: pick(pool), budget: 1 };
      const agents = [...new Set(pool.map((index) => alternatives[index].agent))];
      const change = changes.get(now);
      if (change !== undefined) priorities.set(highest(agents), change);
      const agent = highest(agents);
      return { index: pick(pool.filter((index) => alternatives[index].agent === agent)), budget: 1 };
    },
    choose: (_name, count) => generator.below(count),
  };
}
