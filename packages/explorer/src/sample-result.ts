import type { Property, Scheduler } from '@checkstop/kernel';
import type { Counterexample } from './result.ts';
import type { WalkResult } from './walk.ts';
import type { Tagging } from './watch.ts';

/** What a scheduler of one run is made from. */
export interface RunSeed {
  /** 32 bits, another one for each run. */
  readonly seed: number;
  /** Steps that a run is expected to take. */
  readonly steps: number;
}

/** How to sample. */
export interface SampleOptions {
  /** Runs at most. Default 1000. */
  readonly runs?: number;
  /** 32 bits. The first run has this seed, each later one the next. Default 1. */
  readonly seed?: number;
  /** Who goes next: a random agent (the default), pct, each in turn, or what this function makes. Faults are added by coverageGuided. */
  readonly scheduler?: SampleScheduler | ((run: RunSeed) => Scheduler);
  /** Of `pct`: orderings between agents that a bug needs. Default 3. */
  readonly depth?: number;
  /** Steps of one run at most. Default 20,000. */
  readonly maxSteps?: number;
  /** Default: those that the machine's plugins brought. Goals and response properties are not asked: runs cannot answer them. */
  readonly properties?: readonly Property[];
  /** Whether to go on after the first violation, until each property was seen violated or the runs are done. Default false. */
  readonly each?: boolean;
  /** Replays spent on making a found run smaller; 0 leaves it as found. Default 500. */
  readonly maxReplays?: number;
  /** Where an agent is, in words: the places at which faults are counted. Default: what its next step is. */
  readonly where?: (agent: number) => string;
  /** What the coverage shall tell beside the faults themselves; `where` of these should speak of the same places. */
  readonly outcomes?: readonly Tagging[];
  /** Goes into the replay tokens: whatever the caller needs to compose the machine again. Plain data. */
  readonly config?: unknown;
}

/** The schedulers that have a name. */
export type SampleScheduler = 'pct' | 'random' | 'round-robin';

/** A property that was seen violated, and a run that shows it, made smaller. Never called shortest: nobody looked for all others. */
export interface SampledViolation extends Counterexample {
  /** Number of the run that found it, counted from 1. */
  readonly run: number;
  /** Seed of that run. What it did also depends on what runs before it covered; the token does not. */
  readonly seed: number;
  /** What the run cost as it was found; `steps` counts every single step. */
  readonly found: Readonly<Record<'faults' | 'preemptions' | 'steps', number>>;
  /** Replays spent on making it smaller. */
  readonly replays: number;
}

/** What came of sampling. It never says that anything holds: runs that were not taken may violate it. */
export interface SampleResult {
  readonly verdict: 'violated' | 'incomplete';
  /** In the order in which they were found, one for each property. */
  readonly violations: readonly SampledViolation[];
  readonly seed: number;
  /** Runs taken, and how they ended. `limit`: not before `maxSteps`, so what comes later is not known. */
  readonly runs: number;
  readonly ends: Readonly<Record<WalkResult['reason'], number>>;
  /** Steps executed, replays included. */
  readonly steps: number;
  /** Steps that a run was expected to take: twice what one takes round robin and without faults. */
  readonly expectedSteps: number;
  /** For each place where a fault could have struck: the faults that did, and the tags asked for. A place without any was never struck. Sorted by place. */
  readonly coverage: readonly { readonly where: string; readonly tags: readonly string[] }[];
}

/** How far sampling is. */
export interface SampleProgress {
  readonly phase: 'sample' | 'minimise' | 'done';
  readonly runs: number;
  readonly steps: number;
  readonly violations: number;
}
