/**
 * The kernel of Checkstop: a typed event bus, plugins, the arena that holds all state, agents, choices and schedulers, traces, and properties as data. It knows nothing of Power.
 *
 * @packageDocumentation
 */
export type { Agent, Alternative, CostClass, Description, Lane, Offer } from './agent.js';
export { Arena, type Footprint, type Mark, type Snapshot } from './arena/arena.js';
export {
  type Accessor,
  type ArrayType,
  agentId,
  agentSet,
  bool,
  type Cells,
  enumOf,
  type Fields,
  type FieldType,
  GRANULE,
  type StateKind,
  type StateOwner,
  u32,
  u64,
} from './arena/descriptor.js';
export { type Difference, diffSnapshots } from './arena/diff.js';
export { LANE_A, LANE_B, mixA, mixB } from './arena/hash.js';
export { Images } from './arena/images.js';
export {
  CHUNK,
  CONTROL,
  FLAG,
  type Layout,
  LOG_ENTRY,
  PAGE,
  PAGE_OWNER,
  type RecordDeclaration,
  SHARED_BIT,
} from './arena/layout.js';
export { type ByteOrder, Ram } from './arena/ram.js';
export { State } from './arena/state.js';
export type { PluginInput } from './assemble.js';
export { Bus, type Dispose, type EventName, type Events, type Handler, type Tap } from './bus.js';
export { createMachine, type MachineOptions } from './create-machine.js';
export { checkDeterminism } from './double-step.js';
export { CheckstopError } from './error.js';
export { type Answer, Machine, type Parts, type PluginIdentity, type RunResult } from './machine.js';
export {
  type Capabilities,
  type CapabilityName,
  definePlugin,
  PLUGIN_CONTRACT,
  type Plugin,
  type PluginContext,
  type PluginDefinition,
} from './plugin.js';
export type {
  BottomProperty,
  EventProperty,
  GoalProperty,
  InvariantProperty,
  Property,
  ResponseProperty,
} from './property.js';
export { type RandomOptions, Sfc32, seededRandom } from './scheduler/random.js';
export { roundRobin } from './scheduler/round-robin.js';
export {
  appendMove,
  formatSchedule,
  type Move,
  parseSchedule,
  replay,
  type Schedule,
  scheduleLength,
} from './scheduler/schedule.js';
export type { Decision, Scheduler } from './scheduler/scheduler.js';
export type { Schema, SchemaResult } from './standard-schema.js';
export { traceTo } from './trace.js';
