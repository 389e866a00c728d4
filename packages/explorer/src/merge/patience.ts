import type { Breadth } from '../breadth.ts';

/** States expanded after a contradiction, at least. */
const LEAST = 500;

/** How long a search goes on after its guess was contradicted: going on for a while, it is contradicted more, and the next guess is better. */
export class Patience {
  /** States to expand before the guess is given up. */
  private until = Number.POSITIVE_INFINITY;

  /** So many states are expanded. */
  mind(contradicted: boolean, expanded: number): void {
    if (contradicted && this.until === Number.POSITIVE_INFINITY) this.until = LEAST + 2 * expanded;
  }

  /** Whether the guess is to be given up. */
  isOver({ complete, expanded }: Pick<Breadth, 'complete' | 'expanded'>): boolean {
    return this.until !== Number.POSITIVE_INFINITY && (complete || expanded >= this.until);
  }

  /** Another guess is searched. */
  renew(): void {
    this.until = Number.POSITIVE_INFINITY;
  }
}
