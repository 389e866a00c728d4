import { firmwareLoads, type GuestBuild, lockRtas, loseReservation, repair, unlockRtas } from '@checkstop/guest-kit';
import { type AsmSource, asm } from '@checkstop/ppc-core';

/** SRR0 and SRR1 were live where the check struck, so they are lost: never go back (Linux, machine_check_early). */
const testRi = asm`
        andi.   r4, r4, MSR_RI
        beq     panic`;

/**
 * The registered routine, 50 instructions. Entered with RI=0, ME=1, translation off, r3 = PAPR's buffer.
 *
 * The order is Linux's (ras.c): save, copy the log, decide, give the log back early, and only then let another check nest.
 * PACA_MC points to the frame of the current level; pushing one is a store with update.
 */
export const machineCheckBrief = (build: GuestBuild, label = 'machine_check'): AsmSource => asm`
${label}:
        mtsprg  2, r13                  # scratch, as in every prologue here
        mfsprg  r13, 1
        ld      r13, PACA_MC(r13)
        stdu    r4, FRAME(r13)
        mfsprg  r4, 1
        std     r13, PACA_MC(r4)
        mfsprg  r4, 2
        std     r4, F_R13(r13)
        mfcr    r4
        stw     r4, F_CR(r13)
        mfsrr0  r4
        std     r4, F_SRR0(r13)

        ${firmwareLoads(build).ldbe}    r4, 0, r3    # what r3 was
        std     r4, F_R3(r13)
        ld      r4, LOG_LAST(r3)
        std     r4, F_LOG+8(r13)
        ld      r4, LOG(r3)
        std     r4, F_LOG(r13)
        rldicl  r4, r4, ${build.endian === 'big' ? '11, 61' : '51, 61'}
        cmpdi   r4, FATAL
        beq     panic

        mfsrr1  r4
        std     r4, F_SRR1(r13)${build.testRi ? testRi : ''}${repair(build, 'r4', 'F_LOG+1(r13)')}${build.rtasLock ? lockRtas('r3', 'r4') : ''}
        li      r3, 0
        ori     r3, r3, H_RTAS
        addi    r4, r13, F_ARGS
        sc      1                       # ibm,nmi-interlock: from here on the log is another's${build.rtasLock ? unlockRtas('r3', 'r4') : ''}
        li      r4, MSR_RI
        mtmsrd  r4, 1                   # a check nests here; in real mode an SLB or ERAT needs no repair
        li      r4, 0
        mtmsrd  r4, 1

        mfsprg  r3, 1
        addi    r4, r13, -FRAME
        std     r4, PACA_MC(r3)${loseReservation(build, 'r4', 'r3')}
        ld      r4, F_SRR0(r13)
        mtsrr0  r4
        ld      r4, F_SRR1(r13)
        mtsrr1  r4
        lwz     r4, F_CR(r13)
        mtcr    r4
        ld      r4, F_R13(r13)
        mtsprg  2, r4
        ld      r3, F_R3(r13)
        ld      r4, F_R4(r13)
        dcbz    0, r13
        mfsprg  r13, 2
        rfid
`;
