/**
 * QEMU's pseries machine for Checkstop: the Big QEMU Lock, and hypercalls under their numbers.
 *
 * @packageDocumentation
 */
export { HCALL } from './hcall-numbers.ts';
export { qemu } from './qemu.ts';
