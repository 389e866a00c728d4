export { Disposition, ErrorType, Severity, Unit } from './codes.ts';
export {
  ERROR_LOG_MAX,
  type ErrorLog,
  type ExtendedLog,
  isUnrecoverable,
  logBytes,
  machineCheckLog,
  machineCheckOf,
  readErrorLog,
  writeErrorLog,
} from './error-log.ts';
export { explainLog } from './explain.ts';
export { explainError } from './explain-sections.ts';
export type { ExtendedHeader, HeaderFlag } from './extended-header.ts';
export type { FixedPart } from './fixed-part.ts';
export { type Cause, type MachineCheckError, UE_ACCESSES, type UeAccess } from './machine-check-section.ts';
export { longestLog, withMainSections } from './main-sections.ts';
export type { MachineCheckSection, MainA, MainB, OtherSection, Section } from './section.ts';
