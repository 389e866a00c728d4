/**
 * PAPR's FWNMI option for Checkstop: RTAS calls, registration, interlock, error log version 6, and the properties that say
 * whether a machine keeps the contract.
 *
 * @packageDocumentation
 */
import './contract/events.ts';

export type { Fwnmi, Interlock, Registration, ReportForm } from './capability.ts';
export { logOf } from './check-log.ts';
export { fwnmi } from './fwnmi.ts';
export * from './log/index.ts';
export type { FwnmiOptions } from './options.ts';
export { RtasStatus } from './status.ts';
export { TOKENS } from './tokens.ts';
