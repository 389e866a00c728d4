import { each, firmwareLoads, lockRtas, loseReservation, range, repair, unlockRtas } from '@checkstop/guest-kit';
import { type AsmSource, asm } from '@checkstop/ppc-core';
import type { OtherOsBuild } from './build.ts';

const testRi = asm`
        andi.   r4, r24, MSR_RI         # SRR0 and SRR1 were live where the check struck, so they are lost
        beq     panic`;

/**
 * The registered routine as a kernel would have it: a trap frame with every register, the log copied as long as it says it
 * is, the nesting bounded. After the registers are saved it keeps what it needs in r23 to r31, which RTAS leaves alone.
 */
export const machineCheckFull = (build: OtherOsBuild, label = 'machine_check'): AsmSource => asm`
${label}:
        mtsprg  1, r1
        mfsprg  r1, 0
        ld      r1, PC_TRAPFRAME(r1)
        stdu    r0, FRAME(r1)${each([2, ...range(4, 31)], 'std', 'r1', 'F_GPR')}
        mfsrr0  r23
        mfsrr1  r24
        mfcr    r25
        mflr    r26
        mfctr   r27
        mfxer   r28
        mfsprg  r4, 1
        std     r4, F_GPR+8*1(r1)
        std     r23, F_SRR0(r1)
        std     r24, F_SRR1(r1)
        std     r25, F_CR(r1)
        std     r26, F_LR(r1)
        std     r27, F_CTR(r1)
        std     r28, F_XER(r1)
        mfsprg  r30, 0
        std     r1, PC_TRAPFRAME(r30)
        addi    r4, r30, FRAMES+LEVELS*FRAME
        cmpld   r1, r4                  # nested too deep: the last frame is for this
        bge     panic

        ${firmwareLoads(build).ldbe}    r4, 0, r3    # what r3 was
        std     r4, F_GPR+8*3(r1)
        li      r29, 8                  # length of the log
        lbz     r4, LOG+1(r3)
        andi.   r4, r4, EXTENDED
        beq     1f
        li      r4, LOG+4
        ${firmwareLoads(build).lwbe}    r29, r4, r3
        addi    r29, r29, 8
        cmpldi  r29, F_LOG_SIZE
        ble     1f
        li      r29, F_LOG_SIZE
1:      addi    r4, r29, 7              # whole doublewords
        srdi    r4, r4, 3
        mtctr   r4
        addi    r4, r3, LOG-8
        addi    r5, r1, F_LOG-8
1:      ldu     r6, 8(r4)
        stdu    r6, 8(r5)
        bdnz    1b
${build.testRi ? testRi : ''}
        lbz     r4, F_LOG+1(r1)
        srwi    r4, r4, 5
        cmpwi   r4, FATAL
        beq     panic
        cmpldi  r29, 8                  # no extended part to ask
        beq     1f
        lbz     r4, F_LOG+8(r1)
        andi.   r4, r4, UNRECOVERABLE
        bne     panic
1:${repair(build, 'r4', 'F_LOG+1(r1)')}
        ld      r4, interlock_args(0)
        std     r4, F_ARGS(r1)
        ld      r4, interlock_args+8(0)
        std     r4, F_ARGS+8(r1)${build.rtasLock ? lockRtas('r3', 'r4') : ''}
        li      r3, 0
        ori     r3, r3, H_RTAS
        addi    r4, r1, F_ARGS
        sc      1                       # ibm,nmi-interlock: from here on the log is another's${build.rtasLock ? unlockRtas('r3', 'r4') : ''}
        li      r4, MSR_RI
        mtmsrd  r4, 1                   # a check nests here
        isync                           # in real mode there is no SLB to flush and reload
        li      r4, 0
        mtmsrd  r4, 1

        addi    r4, r1, -FRAME
        std     r4, PC_TRAPFRAME(r30)${loseReservation(build, 'r4', 'r30')}
        ld      r4, F_SRR0(r1)          # a check that nested wrote others
        mtsrr0  r4
        mtsrr1  r24
        mtcr    r25
        mtlr    r26
        mtctr   r27
        mtxer   r28${each([0, ...range(2, 31), 1], 'ld', 'r1', 'F_GPR')}
        rfid
`;
