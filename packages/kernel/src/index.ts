/**
 * The kernel of Checkstop: a typed event bus, plugins, the arena that holds all state, agents, choices and schedulers, traces, and properties as data. It knows nothing of Power.
 *
 * @packageDocumentation
 */
export type { Agent, Alternative, CostClass, Description, Lane, Offer } from './agent.ts';
export { Arena, CHANGED_WAYS, type Footprint } from './arena/arena.ts';
export {
  type Accessor,
  type ArrayType,
  agentId,
  agentSet,
  bool,
  byAgent,
  type Cells,
  enumOf,
  type Fields,
  type FieldType,
  GRANULE,
  type StateKind,
  type StateOwner,
  u32,
  u64,
} from './arena/descriptor.ts';
export { type Difference, diffSnapshots } from './arena/diff.ts';
export { LANE_A, LANE_B, mixA, mixB } from './arena/hash.ts';
export { Images } from './arena/images.ts';
export {
  CHUNK,
  CONTROL,
  type Layout,
  LOG_ENTRY,
  PAGE,
  PAGE_OWNER,
  type RecordDeclaration,
  SHARED_BIT,
} from './arena/layout.ts';
export type { Lease, LeaseTerms } from './arena/lease.ts';
export { type ByteOrder, Ram } from './arena/ram.ts';
export { Roles } from './arena/roles.ts';
export type { Snapshot } from './arena/snapshot.ts';
export { State } from './arena/state.ts';
export type { Mark } from './arena/undo-log.ts';
export type { PluginInput } from './assemble.ts';
export { Bus, type Dispose, type EventName, type Events, type Handler, type Tap } from './bus.ts';
export { createMachine, type MachineOptions } from './create-machine.ts';
export { checkDeterminism } from './double-step.ts';
export { CheckstopError } from './error.ts';
export { Machine, type Parts, type PluginIdentity } from './machine.ts';
export {
  type Capabilities,
  type CapabilityName,
  definePlugin,
  PLUGIN_CONTRACT,
  type Plugin,
  type PluginContext,
  type PluginDefinition,
} from './plugin.ts';
export { assertPlugin } from './plugin-shape.ts';
export type {
  BottomProperty,
  EventProperty,
  GoalProperty,
  InvariantProperty,
  NamedProperty,
  Property,
  ResponseProperty,
} from './property.ts';
export type { Answer, Answers, RunOptions, RunResult } from './run.ts';
export {
  addCoverage,
  type CoverageGuidedOptions,
  coverageGuided,
  type FaultCoverage,
  type GuidedScheduler,
} from './scheduler/coverage-guided.ts';
export { type PctOptions, pct } from './scheduler/pct.ts';
export { type RandomOptions, Sfc32, seededRandom } from './scheduler/random.ts';
export { type BeforeStep, type Replaying, replay, replaying } from './scheduler/replay.ts';
export { roundRobin } from './scheduler/round-robin.ts';
export {
  appendMove,
  formatSchedule,
  type Move,
  parseSchedule,
  type Schedule,
  scheduleLength,
} from './scheduler/schedule.ts';
export type { Decision, Scheduler } from './scheduler/scheduler.ts';
export type { Schema, SchemaResult } from './standard-schema.ts';
export { traceTo } from './trace.ts';
