/**
 * What hypervisors for Checkstop are composed of: exits, step machines, locks, conditions, hypercall rows, and machine
 * checks with their injection.
 *
 * @packageDocumentation
 */
export { ARRIVALS, type Arrival } from './arrival.ts';
export type { Delivery, Dispatcher, Injection, Rtas, SystemResetEntry } from './capabilities.ts';
export { CHECK_KINDS, CHECKS, type CheckKind, type CheckSyndrome } from './check-kinds.ts';
export type { Check, Checks, EntryMe, StruckCheck, WithoutMe } from './checks.ts';
export type { Condition } from './condition.ts';
export type { EmulationClaim } from './exits.ts';
export type { Gate } from './gate.ts';
export { type AddressRange, type Guest, MAX_CHECK_LEVELS, type Sprg } from './guest.ts';
export * from './hcall-codes.ts';
export type { HcallTable } from './hcall-table.ts';
export { createHypervisor, type Hypervisor, type HypervisorOptions } from './hypervisor.ts';
export { injectChecks } from './inject.ts';
export { injectResets, MAX_RESETS } from './inject-resets.ts';
export { instructionAddress } from './instruction-address.ts';
export type { Lock, LockOrder } from './lock.ts';
export { MODES, type Mode } from './modes.ts';
export { type AgentQueue, declareQueue } from './queue.ts';
export type { Resets } from './resets.ts';
export { cede } from './rows/cede.ts';
export { rtasGateway } from './rows/rtas-gateway.ts';
export { setMode } from './rows/set-mode.ts';
export { setSprg0 } from './rows/set-sprg0.ts';
export { signalSysReset } from './rows/signal-sys-reset.ts';
export { type RtasBlock, rtasBlock } from './rtas-block.ts';
export type { Section } from './sections.ts';
export type { Outcome, StepContext, StepMachine, StepsDefinition } from './steps.ts';
export type { Clobbers } from './volatile.ts';
export type { Waitable } from './waitable.ts';
export { wordAt } from './word-at.ts';
