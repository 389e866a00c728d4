/**
 * A small ppc64 guest with Linux's machine-check conventions, in real machine code.
 *
 * @packageDocumentation
 */
export { linuxGuest } from './linux-guest.ts';
