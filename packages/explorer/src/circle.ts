import type { Alternative } from '@checkstop/kernel';

/**
 * Notices when a run has gone in a circle that leaves nobody out: a state came again, and every agent that can take a step
 * has taken one since. A run in a bottom component does so before long, and few others do; whether it is one has to be
 * judged. States are told apart by hash, since a false alarm costs a judgement and no more.
 */
export class Circle {
  /** Step at which each state was first met, by hash. */
  private readonly met = new Map<string, number>();
  /** By agent: the step it took last. */
  private readonly took: number[] = [];
  private quietUntil = 0;

  /** The step at which the circle began that a state, met after `steps` steps, closes. */
  closedBy(hash: string, steps: number, alternatives: readonly Alternative[]): number | undefined {
    const began = this.met.get(hash);
    if (began === undefined) {
      this.met.set(hash, steps);
      return undefined;
    }
    if (steps < this.quietUntil) return undefined;
    const isFair = alternatives.every(({ agent, cost }) => cost === 'fault' || (this.took[agent] ?? -1) >= began);
    return isFair ? began : undefined;
  }

  /** An agent takes the step with this number. */
  take(agent: number, step: number): void {
    this.took[agent] = step;
  }

  /** It was no end after all: looks away until the run is twice as long, so that a run is judged a few times only. */
  wasNone(steps: number): void {
    this.quietUntil = 2 * steps;
  }
}
