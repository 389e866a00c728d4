import { type AsmSource, asm } from '@checkstop/ppc-core';
import type { GuestBuild } from '../build.ts';
import { atomic } from './atomic.ts';
import { hotplug, hotplugging } from './hotplug.ts';
import { enterRtas, firmwareCall } from './rtas-entry.ts';
import { enterTask, task } from './task.ts';

export { loseReservation } from './atomic.ts';
export { type PlaceBuild, placeOptions } from './options.ts';
export { repair } from './repair.ts';

/** What the work of a guest begins with: a walk through the places that its build has. Lost are LR, CR, r15, r16 and what an RTAS call loses. */
export const places = (build: GuestBuild): AsmSource =>
  asm`${hotplug(build)}${firmwareCall(build)}${atomic(build)}${task(build)}`;

/**
 * What they call, behind the work: there a check may strike where it can't be survived.
 *
 * @param number register whose low halfword is the number of this vCPU
 * @param own register that points to what is this vCPU's own, of which 24 bytes at 0x20 are lost
 */
export const placesBehind = (build: GuestBuild, number: string, own: string): AsmSource =>
  asm`${hotplugging(build, number)}${enterRtas(build, number, own)}${enterTask(build)}`;

/** The labels of that code; each ends at the same label with `_end` behind it. */
export const PASSES = ['hotplug', 'enter_rtas', 'enter_task'];
