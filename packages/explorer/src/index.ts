/**
 * Exhaustive search over the machines of @checkstop/kernel: every interleaving of every agent, every fault at every
 * boundary, executed for real; counterexamples that are minimal and replay exactly. It knows nothing of Power.
 *
 * @packageDocumentation
 */
export type { Limits } from './limits.ts';
export { type Paint, type RenderOptions, renderTimeline } from './render.ts';
export { type Rerun, type RerunObserver, type RerunViolation, rerun } from './rerun.ts';
export type { Counterexample, Progress, Result, Run, Verdict } from './result.ts';
export { type ExploreOptions, explore, type Search } from './search.ts';
export { type Timeline, type TimelineOptions, type TimelineRow, timeline } from './timeline.ts';
export { checkToken, formatToken, parseToken, type Token } from './token.ts';
export type { Tagging } from './watch.ts';
