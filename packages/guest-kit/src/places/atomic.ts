import { type AsmSource, asm } from '@checkstop/ppc-core';
import type { PlaceBuild } from './options.ts';

/** An atomic increment of the doubleword at r1, which no other vCPU touches. r4 and CR0 are lost. */
export const atomic = (build: Pick<PlaceBuild, 'atomic'>): AsmSource | '' =>
  build.atomic
    ? asm`
1:      ldarx   r4, 0, r1
        addi    r4, r4, 1
        stdcx.  r4, 0, r1
        bne     1b`
    : '';

/** What a handler does so that the interrupted code's reservation is lost: a store conditional, whether or not it stores. */
export const loseReservation = (
  build: Pick<PlaceBuild, 'losesReservation'>,
  value: string,
  address: string,
): AsmSource | '' =>
  build.losesReservation
    ? asm`
        stdcx.  ${value}, 0, ${address}      # the interrupted code's reservation must not survive`
    : '';
