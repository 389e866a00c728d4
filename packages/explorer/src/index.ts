/**
 * Exhaustive search over the machines of @checkstop/kernel: every interleaving of every agent, every fault at every
 * boundary, executed for real; counterexamples that are minimal and replay exactly. It knows nothing of Power.
 *
 * @packageDocumentation
 */
export { LARGEST_SAVE } from './archive.ts';
export { DEFAULT_LIMITS, type Limits } from './limits.ts';
export { confirmLasso } from './liveness/confirm.ts';
export { FAIRNESS, type Fairness } from './liveness/fairness.ts';
export type { Lasso } from './liveness/lasso.ts';
export { type Decided, underFairness } from './liveness/under-fairness.ts';
export { Monitor, type Monitored, type RunViolation } from './monitor.ts';
export type { ExploreOptions, Mode } from './options.ts';
export { type Paint, type RenderOptions, renderTimeline } from './render.ts';
export { type RerunObserver, rerun } from './rerun.ts';
export type { Counterexample, Progress, Result, Run, Verdict } from './result.ts';
export { type Sampling, sample } from './sample.ts';
export type {
  RunSeed,
  SampledViolation,
  SampleOptions,
  SampleProgress,
  SampleResult,
  SampleScheduler,
} from './sample-result.ts';
export { readSaved, type Saved } from './saved.ts';
export { explore, resume, type Search } from './search.ts';
export { type Timeline, type TimelineOptions, type TimelineRow, timeline } from './timeline.ts';
export { checkToken, formatToken, parseToken, type Token, type TokenLoop } from './token.ts';
export type { Tagging } from './watch.ts';
