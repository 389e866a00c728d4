import type { Result } from '../result.ts';
import { FAIRNESS, type Fairness } from './fairness.ts';
import type { Lasso } from './lasso.ts';

/** What is known of a response property under one profile of fairness; a lasso comes with `violated`. */
export type Decided =
  | { readonly verdict: 'holds' | 'incomplete' }
  | { readonly verdict: 'violated'; readonly lasso: Lasso };

/**
 * What a search found out about a response property, by profile: `incomplete` where a limit, or the caller, ended it
 * before it was certain. Undefined when liveness was not asked for.
 */
export function underFairness(
  { lassos, livenessComplete }: Pick<Result, 'lassos' | 'livenessComplete'>,
  property: string,
): Readonly<Record<Fairness, Decided>> | undefined {
  if (!lassos) return undefined;
  const decided = (fairness: Fairness): Decided => {
    const lasso = lassos.find((candidate) => candidate.property === property && candidate.fairness === fairness);
    if (lasso) return { verdict: 'violated', lasso };
    return { verdict: livenessComplete ? 'holds' : 'incomplete' };
  };
  return Object.fromEntries(FAIRNESS.map((fairness) => [fairness, decided(fairness)])) as Record<Fairness, Decided>;
}
