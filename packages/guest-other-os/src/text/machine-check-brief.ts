import { firmwareLoads, lockRtas, loseReservation, repair, unlockRtas } from '@checkstop/guest-kit';
import { type AsmSource, asm } from '@checkstop/ppc-core';
import type { OtherOsBuild } from './build.ts';

/** SRR0 and SRR1 were live where the check struck, so they are lost. */
const testRi = asm`
        andi.   r4, r4, MSR_RI
        beq     panic`;

/**
 * The registered routine, 50 instructions. Entered with RI=0, ME=1, translation off, r3 = PAPR's buffer.
 *
 * The stack pointer becomes the frame: PC_TRAPFRAME points to the one in use, and pushing another is a store with update.
 * The interlock is released as soon as the log is copied and judged; a check that strikes then pushes its own frame.
 */
export const machineCheckBrief = (build: OtherOsBuild, label = 'machine_check'): AsmSource => asm`
${label}:
        mtsprg  1, r1                   # scratch, as in every prologue here
        mfsprg  r1, 0
        ld      r1, PC_TRAPFRAME(r1)
        stdu    r4, FRAME(r1)
        mfsprg  r4, 0
        std     r1, PC_TRAPFRAME(r4)
        mfsprg  r4, 1
        std     r4, F_R1(r1)
        mfsrr0  r4
        std     r4, F_SRR0(r1)
        mfcr    r4
        std     r4, F_CR(r1)

        ${firmwareLoads(build).ldbe}    r4, 0, r3    # what r3 was
        std     r4, F_R3(r1)
        ld      r4, LOG(r3)
        std     r4, F_LOG(r1)
        rldicl  r4, r4, ${build.endian === 'big' ? '11, 61' : '51, 61'}
        cmpdi   r4, FATAL
        beq     panic
        ld      r4, LOG_LAST(r3)
        std     r4, F_LOG+8(r1)

        mfsrr1  r4
        std     r4, F_SRR1(r1)${build.testRi ? testRi : ''}${repair(build, 'r4', 'F_LOG+1(r1)')}${build.rtasLock ? lockRtas('r3', 'r4') : ''}
        li      r3, 0
        ori     r3, r3, H_RTAS
        addi    r4, r1, F_ARGS
        sc      1                       # ibm,nmi-interlock: from here on the log is another's${build.rtasLock ? unlockRtas('r3', 'r4') : ''}
        li      r4, MSR_RI
        mtmsrd  r4, 1                   # a check nests here; in real mode an SLB or ERAT needs no repair
        li      r4, 0
        mtmsrd  r4, 1

        mfsprg  r3, 0
        addi    r4, r1, -FRAME
        std     r4, PC_TRAPFRAME(r3)${loseReservation(build, 'r4', 'r3')}
        ld      r4, F_CR(r1)
        mtcr    r4
        ld      r4, F_SRR0(r1)
        mtsrr0  r4
        ld      r4, F_SRR1(r1)
        mtsrr1  r4
        ld      r4, F_R1(r1)
        mtsprg  1, r4
        ld      r3, F_R3(r1)
        ld      r4, F_R4(r1)
        dcbz    0, r1
        mfsprg  r1, 1
        rfid
`;
