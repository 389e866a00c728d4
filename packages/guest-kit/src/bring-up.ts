import { type AsmSource, asm } from '@checkstop/ppc-core';
import type { GuestBuild } from './build.ts';
import { rtas } from './rtas.ts';

/** H_SET_MODE, resource 2: interrupts are little-endian from now on, on all vCPUs (PAPR; Linux calls it pSeries_little_endian_exceptions). */
const littleEndianInterrupts = asm`
        li      r3, H_SET_MODE
        li      r4, 1
        li      r5, 2
        li      r6, 0
        li      r7, 0
        sc      1
        cmpdi   r3, 0
        bne     panic
`;

/**
 * Run by the first vCPU once it has a world of its own: registers both routines, then starts the others and falls through.
 * r15 is lost beside what an RTAS call loses.
 */
export const bringUp = ({
  endian,
  setsIle,
}: Pick<GuestBuild, 'endian'> & Partial<Pick<GuestBuild, 'setsIle'>>): AsmSource => asm`
${endian === 'little' && setsIle !== 'after' ? littleEndianInterrupts : ''}
${rtas('register_args')}
        lwz     r4, register_args+20(0)
        cmpwi   r4, 0
        bne     panic
${endian === 'little' && setsIle === 'after' ? littleEndianInterrupts : ''}
        li      r15, 1
1:      cmpwi   r15, VCPUS
        bge     2f
        stb     r15, query_args+15(0)   # the last byte of a big-endian cell
${rtas('query_args')}
        lwz     r4, query_args+16(0)    # status 0, and state 0: stopped
        lwz     r5, query_args+20(0)
        or.     r4, r4, r5
        bne     panic
        stb     r15, start_args+15(0)
        stb     r15, start_args+23(0)   # comes back as its r3
${rtas('start_args')}
        lwz     r4, start_args+24(0)
        cmpwi   r4, 0
        bne     panic
        addi    r15, r15, 1
        b       1b
2:
`;

/**
 * A vCPU that panics goes to the next kernel, unless another has come first: then it stops (Linux, panic_smp_self_stop). Whatever
 * it holds of firmware's it takes along.
 */
const crash = asm`
crash:  li      r3, crash_lock
1:      lwarx   r4, 0, r3
        cmpwi   r4, 0
        bne     2f
        li      r4, 1
        stwcx.  r4, 0, r3
        bne     1b
        b       kexec
2:${rtas('stop_self_args')}
        b       2b
`;

const osTerm = asm`${rtas('os_term_args')}
        b       panic
`;

/**
 * The end: ibm,os-term does not return; or another kernel, where panics lead to one. So end system resets where the build has no
 * routine for them.
 */
export const panic = (build: Pick<GuestBuild, 'systemReset' | 'kexec' | 'parking'>): AsmSource => asm`
${build.systemReset === 'panic' && build.parking === 'none' ? 'system_reset:' : ''}
panic:
${build.kexec === 'panic' ? crash : osTerm}
`;
