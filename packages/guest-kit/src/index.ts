/**
 * What small ppc64 guests are made of: the page that firmware sees, bring-up of all vCPUs, vectors, and the plugin around them.
 *
 * @packageDocumentation
 */

export { registerAreas } from './areas.ts';
export { bareMachine } from './bare-machine.ts';
export { bits } from './bits.ts';
export { bringUp, panic } from './bring-up.ts';
export type { GuestBuild } from './build.ts';
export { complaintsOf } from './complaints.ts';
export { defineGuest, type GuestDefinition, HCALLS } from './define-guest.ts';
export { atEveryBoundary } from './every-boundary.ts';
export { firmwarePage } from './firmware-page.ts';
export { endOfWork, kexec, nextWork, takeOver, workEnds } from './kexec.ts';
export { effective } from './needs.ts';
export { guestOptions } from './options.ts';
export { loseReservation, places, placesBehind, repair } from './places/index.ts';
export { each, range } from './registers.ts';
export { registerAgain, registeringAgain, secondRoutine } from './registration.ts';
export { type Passage, type Rehearsal, rehearse } from './rehearse.ts';
export { firmwareLoads, lockRtas, rtas, unlockRtas } from './rtas.ts';
export { aboveStubs, NEXT_KERNEL } from './stubs.ts';
export { type ResetConventions, systemReset } from './system-reset.ts';
export { forged, forgery, vectors } from './vectors.ts';
