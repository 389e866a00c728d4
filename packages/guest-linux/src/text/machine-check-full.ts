import {
  each,
  firmwareLoads,
  type GuestBuild,
  lockRtas,
  loseReservation,
  range,
  repair,
  unlockRtas,
} from '@checkstop/guest-kit';
import { type AsmSource, asm } from '@checkstop/ppc-core';

/** Special registers that the handler or an RTAS call changes, with the move from and to each, and their slot. */
const specials = [
  ['mfcr', 'mtcr', 'F_CR'],
  ['mflr', 'mtlr', 'F_LR'],
  ['mfctr', 'mtctr', 'F_CTR'],
  ['mfxer', 'mtxer', 'F_XER'],
] as const;

const save = specials.map(([from, , slot]) => `\n        ${from}    r4\n        std     r4, ${slot}(r13)`).join('');
const restore = specials.map(([, to, slot]) => `\n        ld      r4, ${slot}(r13)\n        ${to}    r4`).join('');

const testRi = asm`
        ld      r4, F_SRR1(r13)         # struck where SRR0 and SRR1 were live: never go back
        andi.   r4, r4, MSR_RI
        beq     panic`;

/**
 * The registered routine as a compiler and exceptions-64s.S would have it: all general registers into the frame, the
 * level checked, the log copied by its length, the RTAS call's argument block filled in, everything restored. It survives
 * firmware that destroys all that an RTAS call may destroy.
 */
export const machineCheckFull = (build: GuestBuild, label = 'machine_check'): AsmSource => asm`
${label}:
        mtsprg  2, r13
        mfsprg  r13, 1
        ld      r13, PACA_MC(r13)
        stdu    r0, FRAME(r13)${each([1, 2, ...range(4, 12), ...range(14, 31)], 'std', 'r13', 'F_GPR')}
        mfsprg  r4, 2
        std     r4, F_GPR+8*13(r13)${save}
        mfsrr0  r4
        std     r4, F_SRR0(r13)
        mfsrr1  r4
        std     r4, F_SRR1(r13)
        mfsprg  r5, 1
        std     r13, PACA_MC(r5)
        addi    r5, r5, FRAMES+LEVELS*FRAME
        cmpld   r13, r5                 # nested too deep: the last frame is for this
        bge     panic

        ${firmwareLoads(build).ldbe}    r4, 0, r3    # what r3 was
        std     r4, F_GPR+8*3(r13)
        addi    r3, r3, LOG
        ld      r4, 0(r3)               # the fixed part
        std     r4, F_LOG(r13)
        li      r5, 0
        lbz     r6, F_LOG+1(r13)
        andi.   r6, r6, EXTENDED
        beq     2f
        li      r5, 4
        ${firmwareLoads(build).lwbe}    r5, r5, r3   # length of the extended part
        cmplwi  r5, F_LOG_SIZE-8
        ble     1f
        li      r5, F_LOG_SIZE-8
1:      addi    r6, r5, 7               # whole doublewords
        srdi.   r6, r6, 3
        beq     2f
        mtctr   r6
        addi    r7, r13, F_LOG
1:      ldu     r4, 8(r3)
        stdu    r4, 8(r7)
        bdnz    1b
2:${build.testRi ? testRi : ''}
        lbz     r4, F_LOG+1(r13)
        srwi    r4, r4, 5
        cmpwi   r4, FATAL
        beq     panic
        cmpdi   r5, 0                   # no extended part to ask
        beq     3f
        lbz     r4, F_LOG+8(r13)
        andi.   r4, r4, UNRECOVERABLE
        bne     panic
3:${repair(build, 'r4', 'F_LOG+1(r13)')}
        ld      r4, interlock_args(0)
        std     r4, F_ARGS(r13)
        ld      r4, interlock_args+8(0)
        std     r4, F_ARGS+8(r13)${build.rtasLock ? lockRtas('r3', 'r4') : ''}
        li      r3, 0
        ori     r3, r3, H_RTAS
        addi    r4, r13, F_ARGS
        sc      1                       # ibm,nmi-interlock: from here on the log is another's${build.rtasLock ? unlockRtas('r3', 'r4') : ''}
        li      r4, MSR_RI
        mtmsrd  r4, 1                   # a check nests here
        isync                           # in real mode there is no SLB to flush and reload
        li      r4, 0
        mtmsrd  r4, 1

        mfsprg  r3, 1
        addi    r4, r13, -FRAME
        std     r4, PACA_MC(r3)${loseReservation(build, 'r4', 'r3')}
        ld      r4, F_SRR0(r13)
        mtsrr0  r4
        ld      r4, F_SRR1(r13)
        mtsrr1  r4${restore}${each([...range(0, 12), ...range(14, 31), 13], 'ld', 'r13', 'F_GPR')}
        rfid
`;
