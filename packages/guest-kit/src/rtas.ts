import { type AsmSource, asm } from '@checkstop/ppc-core';
import type { GuestBuild } from './build.ts';

/** Mnemonics that load what firmware wrote, which is big-endian; the address is the sum of two registers. */
export const firmwareLoads = ({
  endian,
}: Pick<GuestBuild, 'endian'>): { readonly ldbe: string; readonly lwbe: string } =>
  endian === 'big' ? { ldbe: 'ldx', lwbe: 'lwzx' } : { ldbe: 'ldbrx', lwbe: 'lwbrx' };

/**
 * Calls RTAS with an argument block below 32 KiB. Lost are r0, r3 to r12, CR, CTR, XER, LR, SPRG2 (PAPR, RTAS register usage)
 * and SRR0/1.
 */
export const rtas = (block: string): AsmSource => asm`
        li      r4, ${block}
        li      r3, 0
        ori     r3, r3, H_RTAS
        sc      1`;

/** Takes the guest's RTAS lock: both registers and CR0 are lost. */
export const lockRtas = (lock: string, scratch: string): AsmSource => asm`
        li      ${lock}, rtas_lock
1:      lwarx   ${scratch}, 0, ${lock}
        cmpwi   ${scratch}, 0
        bne     1b
        li      ${scratch}, 1
        stwcx.  ${scratch}, 0, ${lock}
        bne     1b
        isync`;

/** Gives the guest's RTAS lock back: both registers are lost. */
export const unlockRtas = (lock: string, scratch: string): AsmSource => asm`
        li      ${lock}, rtas_lock
        li      ${scratch}, 0
        lwsync
        stw     ${scratch}, 0(${lock})`;
