import {
  each,
  forged,
  forgery,
  kexec,
  places,
  placesBehind,
  range,
  registerAgain,
  registeringAgain,
  workEnds,
} from '@checkstop/guest-kit';
import { type AsmSource, asm } from '@checkstop/ppc-core';
import type { OtherOsBuild } from './build.ts';
import { selfCheckAndIdle } from './self-check.ts';

const parkLr = asm`
        mflr    r1
        mtsprg  2, r1`;

const saveLr = { parked: 'mfsprg  r31, 2', plain: 'mflr    r31' } as const;

/** The system call at 0xc00: a trap frame of every register below the interrupted stack. SPRG2 holds LR for as long as RI=0, where the build says so. */
export const systemCallFull = ({ sprg2 }: OtherOsBuild): AsmSource => asm`
        .set    TF_SIZE, 0xd0           # ABI header, r0 to r12, r30 and r31, then the special registers
        .set    TF_GPR, 0x20
        .set    TF_R30, 0x88
        .set    TF_R31, 0x90
        .set    TF_SRR0, 0x98
        .set    TF_SRR1, 0xa0
        .set    TF_CR, 0xa8
        .set    TF_LR, 0xb0
        .set    TF_CTR, 0xb8
        .set    TF_XER, 0xc0
system_call:
        mtsprg  1, r1                   # RI=0, and the stack pointer lives in SPRG1 alone${sprg2 === 'prologue' ? parkLr : ''}
        mfsprg  r1, 1
        stdu    r1, -TF_SIZE(r1)${each([0, ...range(2, 12)], 'std', 'r1', 'TF_GPR')}
        std     r30, TF_R30(r1)
        std     r31, TF_R31(r1)
        mfsrr0  r31
        std     r31, TF_SRR0(r1)
        mfsrr1  r31
        std     r31, TF_SRR1(r1)
        mfcr    r31
        std     r31, TF_CR(r1)
        mfctr   r31
        std     r31, TF_CTR(r1)
        mfxer   r31
        std     r31, TF_XER(r1)
        ${sprg2 === 'prologue' ? saveLr.parked : saveLr.plain}
        std     r31, TF_LR(r1)
        mfsprg  r30, 0
        li      r4, MSR_RI
        mtmsrd  r4, 1                   # all that a check destroys is saved
        bl      with_flags
        std     r3, TF_GPR+8*3(r1)
        li      r4, 0
        mtmsrd  r4, 1
        ld      r31, TF_SRR0(r1)
        mtsrr0  r31
        ld      r31, TF_SRR1(r1)
        mtsrr1  r31
        ld      r31, TF_CR(r1)
        mtcr    r31
        ld      r31, TF_CTR(r1)
        mtctr   r31
        ld      r31, TF_XER(r1)
        mtxer   r31
        ld      r31, TF_LR(r1)
        mtlr    r31${each([0, ...range(2, 12)], 'ld', 'r1', 'TF_GPR')}
        ld      r30, TF_R30(r1)
        ld      r31, TF_R31(r1)
        addi    r1, r1, TF_SIZE
        rfid

with_flags:                             # a leaf: r3 with two bits set, CTR and CR0 lost
        li      r4, 2
        mtctr   r4
        li      r4, 0x40
1:      or      r3, r3, r4
        add.    r4, r4, r4
        bdnz    1b
        blr
`;

/** One pass of work: a ticket taken by larx and stcx., a string reversed by a function with a frame, a system call, then self-check and idle. */
export const workFull = (build: OtherOsBuild): AsmSource => asm`
ready:
work:${registerAgain(build)}${build.task === 'none' ? forgery(build) : ''}${places(build)}
        addi    r16, r1, 8
1:      lwarx   r4, 0, r16              # a ticket
        addi    r4, r4, 7
        stwcx.  r4, 0, r16
        bne     1b
        li      r3, 0x0123
        bl      swap                    # 0x2301
        mr      r17, r3
        li      r3, 2
        mtctr   r17
        mtlr    r17
        cmpdi   cr7, r17, 0x2301        # equal
        std     r17, 0(r1)
        sc                              # 0xc2
        mfctr   r4
        mflr    r5
        ld      r6, 0(r1)
        subf    r4, r4, r5              # 0
        subf    r6, r17, r6             # 0
        or      r4, r4, r6
        add     r4, r4, r3
        cmpdi   r4, 0xc2
        crand   4*cr0+eq, 4*cr0+eq, 4*cr7+eq
        bne     panic
        lwz     r4, 0(r16)
        cmpwi   r4, 7
        bne     panic
${selfCheckAndIdle(build)}

swap:                                   # the bytes of a halfword, through the stack
        mflr    r0
        std     r0, 0x10(r1)
        stdu    r1, -0x30(r1)
        sth     r3, 0x20(r1)
        addi    r4, r1, 0x20
        lhbrx   r3, 0, r4
        addi    r1, r1, 0x30
        ld      r0, 0x10(r1)
        mtlr    r0
        blr
${workEnds(build)}
${forged}
${kexec(build, 'r31')}
${registeringAgain(build, 'r31')}
${placesBehind(build, 'r31', 'r30')}
`;
