/**
 * A small ppc64 guest that uses its SPRGs otherwise than Linux, in real machine code.
 *
 * @packageDocumentation
 */
export { otherOs } from './other-os.ts';
