import type { Schedule } from '@checkstop/kernel';
import type { Limits } from './limits.ts';
import type { Lasso } from './liveness/lasso.ts';

/** What a search found out; when several apply, the first of this order: violated, incomplete, vacuous, holds. */
export type Verdict = 'violated' | 'incomplete' | 'vacuous' | 'holds';

/** A run worth looking at: from the initial state, every single step. */
export interface Run {
  readonly schedule: Schedule;
  /** One line that reproduces the run, see parseToken. */
  readonly token: string;
  /** Faults in it. */
  readonly faults: number;
  /** Times that the scheduler turned away from an agent that could have gone on. */
  readonly preemptions: number;
  /** Steps that another agent could notice. */
  readonly steps: number;
  /** Whether no other run to the same end has fewer faults, then fewer preemptions, then fewer visible steps. */
  readonly shortest: boolean;
}

/** A property that does not hold, and the best run that shows it. */
export interface Counterexample extends Run {
  readonly property: string;
  /** What the property said, at the end of the run. */
  readonly text: string;
}

/** The outcome of a search. */
export interface Result {
  readonly verdict: Verdict;
  /** One for each violated property, in the order of the properties. */
  readonly violations: readonly Counterexample[];
  /** A run that reached a goal, when nothing is violated. */
  readonly witness: Run | undefined;
  /** Keys of the goal properties. When the search is not complete `missing` says nothing yet, and `reached` may lack some. */
  readonly goals: { readonly reached: readonly string[]; readonly missing: readonly string[] };
  /**
   * For each place where an agent took a step, in words: the faults that struck there, and the tags asked for. A place
   * without any was never struck. Sorted by place.
   */
  readonly coverage: readonly { readonly where: string; readonly tags: readonly string[] }[];
  /**
   * What response properties are violated by, at most one for each property and profile of fairness; no part of the
   * verdict, which is about safety. Undefined when `ExploreOptions.liveness` did not ask for them.
   */
  readonly lassos?: readonly Lasso[];
  /** Whether a response property holds wherever it has no lasso; undefined when liveness was not asked for. */
  readonly livenessComplete?: boolean;
  /** Whether every reachable state was visited and every property but the response properties asked. */
  readonly complete: boolean;
  /** The limit that ended the search before it, liveness included, was complete; undefined when none did. */
  readonly limit?: keyof Limits;
  readonly states: number;
  readonly transitions: number;
  /** Steps really executed, before restarts as well; all other transitions came from memory. */
  readonly executed: number;
  /** Different images of the agents' own state, summed over agents, and of shared state. */
  readonly localStates: number;
  readonly sharedStates: number;
  /** Times that the search began anew because a page of memory, or an agent's state, was touched by one more party, or because merging did not pay. */
  readonly restarts: number;
  /** Reductions that were on; `closure`: local steps folded; `merging`: images merged that no visible step tells apart. */
  readonly reductions: readonly string[];
  /** How visited states are compared. */
  readonly visited: 'exact';
}

/** How far a search is. */
export interface Progress {
  readonly phase: 'scout' | 'resume' | 'search' | 'components' | 'goals' | 'minimise' | 'liveness' | 'done';
  readonly states: number;
  readonly transitions: number;
  /** States found but not expanded. */
  readonly frontier: number;
  /** Transitions from the initial state to those being expanded. */
  readonly depth: number;
  /** Properties that have been seen violated; where images are merged, a complete search may still find that one is not. */
  readonly suspected: number;
}
