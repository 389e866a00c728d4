/**
 * Strategies for delivering machine checks under FWNMI, one file each. All provide the capability `delivery`.
 *
 * @packageDocumentation
 */
export { delivery } from './delivery.ts';
export { directExit } from './direct-exit.ts';
export { hcallBusy } from './hcall-busy.ts';
export { hcallHold } from './hcall-hold.ts';
export { hcallWait } from './hcall-wait.ts';
export { illegalInstruction } from './illegal-instruction.ts';
export { defineReport, type Report, type ReportContext } from './parts/report.ts';
export { patchVector, type VectorCode } from './parts/vector.ts';
export { WAITING, WAITING_INSIDE, type Waiting, whileHeld } from './parts/waiting.ts';
export { withFirmware } from './parts/with-firmware.ts';
export { powerkvm2014 } from './powerkvm-2014.ts';
export { powerkvm2015 } from './powerkvm-2015.ts';
export { qemu50 } from './qemu-5.0.ts';
