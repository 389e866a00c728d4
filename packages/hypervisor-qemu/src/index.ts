/**
 * QEMU's pseries machine for Checkstop: the Big QEMU Lock, and hypercalls under their numbers.
 *
 * @packageDocumentation
 */
export { HCALL } from './hcall-numbers.ts';
export { machineReset } from './machine-reset.ts';
export { migration } from './migration.ts';
export { qemu } from './qemu.ts';
