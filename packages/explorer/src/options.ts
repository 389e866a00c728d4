import type { Property } from '@checkstop/kernel';
import type { Limits } from './limits.ts';
import type { Tagging } from './watch.ts';

/**
 * `reduced` folds local steps, merges images that no visible step will ever tell apart, and takes states for one that differ
 * in which agent is which; `merged` leaves that out, `closure` folds only; `unreduced` interleaves every step.
 */
export type Mode = 'reduced' | 'merged' | 'closure' | 'unreduced';

/** How to explore. */
export interface ExploreOptions {
  /** Which reductions are on; all give the same verdicts. Default `reduced`. */
  readonly mode?: Mode;
  /** Default: those that the machine's plugins brought. */
  readonly properties?: readonly Property[];
  /** Whether to decide the response properties, too, once the verdict is known: `Result.lassos`. Default false. */
  readonly liveness?: boolean;
  readonly limits?: Limits;
  /** The caller's clock in milliseconds, for limits.milliseconds; the explorer has none of its own. */
  readonly now?: () => number;
  /** Goes into the replay tokens: whatever the caller needs to compose the machine again. Plain data. */
  readonly config?: unknown;
  /** What the coverage shall tell beside the faults themselves. */
  readonly outcomes?: readonly Tagging[];
}
