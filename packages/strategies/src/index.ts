/**
 * Strategies for delivering machine checks under FWNMI, one file each. All provide the capability `delivery`.
 *
 * @packageDocumentation
 */
export { directExit, directExitOptions } from './direct-exit.ts';
export { hcallBusy } from './hcall-busy.ts';
export { hcallHold } from './hcall-hold.ts';
export { hcallWait } from './hcall-wait.ts';
export { illegalInstruction, illegalInstructionOptions } from './illegal-instruction.ts';
export { type HcallOptions, hcallOptions } from './parts/hcall.ts';
export { defineReport, type Report, type ReportContext } from './parts/report.ts';
export { patchVector, type VectorCode } from './parts/vector.ts';
