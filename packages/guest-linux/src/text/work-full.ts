import {
  each,
  endOfWork,
  forged,
  forgery,
  type GuestBuild,
  kexec,
  places,
  placesBehind,
  registerAgain,
  registeringAgain,
  workEnds,
} from '@checkstop/guest-kit';
import { type AsmSource, asm } from '@checkstop/ppc-core';

/** The system call at 0xc00 with a frame of all that C may destroy on the interrupted stack, as Linux's prologues build it. */
export const systemCallFull: AsmSource = asm`
        .set    PT_SIZE, 0xc0           # ABI header, r0 to r13, then the special registers
        .set    PT_GPR, 0x20
        .set    PT_CR, 0x90
        .set    PT_LR, 0x98
        .set    PT_CTR, 0xa0
        .set    PT_XER, 0xa8
        .set    PT_SRR0, 0xb0
        .set    PT_SRR1, 0xb8
system_call:
        mtsprg  2, r13                  # RI=0, and r13 lives in SPRG2 alone
        mfsprg  r13, 1
        std     r9, PACA_EXGEN(r13)
        mfsprg  r9, 2
        std     r9, PACA_EXGEN+8(r13)
        stdu    r1, -PT_SIZE(r1)${each([0, 3, 4, 5, 6, 7, 8, 10, 11, 12], 'std', 'r1', 'PT_GPR')}
        ld      r9, PACA_EXGEN(r13)
        std     r9, PT_GPR+8*9(r1)
        ld      r9, PACA_EXGEN+8(r13)
        std     r9, PT_GPR+8*13(r1)
        mfcr    r9
        std     r9, PT_CR(r1)
        mflr    r9
        std     r9, PT_LR(r1)
        mfctr   r9
        std     r9, PT_CTR(r1)
        mfxer   r9
        std     r9, PT_XER(r1)
        mfsrr0  r9
        std     r9, PT_SRR0(r1)
        mfsrr1  r9
        std     r9, PT_SRR1(r1)
        li      r9, MSR_RI
        mtmsrd  r9, 1                   # all that a check destroys is saved
        bl      round_up
        std     r3, PT_GPR+8*3(r1)
        li      r9, 0
        mtmsrd  r9, 1
        ld      r9, PT_SRR0(r1)
        mtsrr0  r9
        ld      r9, PT_SRR1(r1)
        mtsrr1  r9
        ld      r9, PT_CR(r1)
        mtcr    r9
        ld      r9, PT_LR(r1)
        mtlr    r9
        ld      r9, PT_CTR(r1)
        mtctr   r9
        ld      r9, PT_XER(r1)
        mtxer   r9${each([0, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13], 'ld', 'r1', 'PT_GPR')}
        addi    r1, r1, PT_SIZE
        rfid

round_up:                               # a leaf: r3 with its four low bits set; CTR and XER are lost
        li      r4, 4
        mtctr   r4
        li      r4, 1
1:      or      r3, r3, r4
        addc    r4, r4, r4              # CA = 0
        bdnz    1b
        blr
`;

/** One pass of work: a function with a frame, an atomic increment, a system call with everything live across it, the self-check, idle. */
export const workFull = (build: GuestBuild): AsmSource => asm`
ready:
work:${registerAgain(build)}${build.task === 'none' ? forgery(build) : ''}${places(build)}
        li      r20, 0x20               # canaries
        li      r21, 0x21
        li      r22, 0x22
        li      r3, 4
        bl      sum                     # 10
1:      ldarx   r4, 0, r1               # an atomic increment
        addi    r4, r4, 1
        stdcx.  r4, 0, r1
        bne     1b
        mtlr    r20
        mtctr   r21
        cmpdi   cr3, r22, 0x22
        addic   r4, r3, -1              # CA = 1
        std     r3, 8(r1)
        sc                              # 15
        addze   r3, r3                  # 16
        cmpdi   r3, 16
        bne     panic
        bne     cr3, panic
        mflr    r4
        cmpdi   r4, 0x20
        bne     panic
        mfctr   r4
        cmpdi   r4, 0x21
        bne     panic
        ld      r4, 8(r1)
        cmpdi   r4, 10
        bne     panic
        add     r4, r20, r21
        add     r4, r4, r22
        cmpdi   r4, 0x63
        bne     panic

        mfsprg  r4, 1                   # self-check: the PACA
        cmpd    r4, r13
        bne     panic
        mfsprg  r4, 3                   # self-check: what getcpu reads
        cmpd    r4, r14
        bne     panic

${endOfWork(build, 'r14')}
sum:                                    # 1 + ... + r3
        mflr    r0
        std     r0, 0x10(r1)
        stdu    r1, -0x40(r1)
        std     r31, 0x38(r1)
        li      r31, 0
        mtctr   r3
1:      mfctr   r4
        add     r31, r31, r4
        bdnz    1b
        mr      r3, r31
        ld      r31, 0x38(r1)
        addi    r1, r1, 0x40
        ld      r0, 0x10(r1)
        mtlr    r0
        blr
${workEnds(build)}
${forged}
${kexec(build, 'r14')}
${registeringAgain(build, 'r14')}
${placesBehind(build, 'r14', 'r13')}
`;
