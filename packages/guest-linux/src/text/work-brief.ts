import {
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

/** The system call at 0xc00, 14 instructions: sets bit 0 of r3. As in Linux r9 to r12 are the caller's loss, so they are the save area. */
export const systemCallBrief: AsmSource = asm`
system_call:
        mtsprg  2, r13                  # RI=0, and r13 lives in SPRG2 alone
        mfsprg  r13, 1
        mfsrr0  r9
        mfsrr1  r10
        mfsprg  r11, 2
        li      r12, MSR_RI
        mtmsrd  r12, 1                  # all that a check destroys is saved
        ori     r3, r3, 1
        li      r12, 0
        mtmsrd  r12, 1
        mtsrr0  r9
        mtsrr1  r10
        mr      r13, r11
        rfid
`;

/** One pass of work: 9 instructions with r3, XER[CA] and a word of the stack live across a system call, 6 of self-check, 3 of idle. */
export const workBrief = (build: GuestBuild): AsmSource => asm`
ready:
work:${registerAgain(build)}${build.task === 'none' ? forgery(build) : ''}${places(build)}
        li      r3, 0x4c
        std     r3, 0(r1)
        addic   r4, r3, -1              # CA = 1
        sc                              # + 1
        addze   r3, r3                  # and the carry
        ld      r4, 0(r1)
        subf    r3, r4, r3
        cmpdi   r3, 2
        bne     panic

self_check:
        mfsprg  r4, 1                   # the PACA
        cmpd    r4, r13
        bne     panic
        mfsprg  r4, 3                   # what getcpu reads
        cmpd    r4, r14
        bne     panic

${endOfWork(build, 'r14')}
${workEnds(build)}
${forged}
${kexec(build, 'r14')}
${registeringAgain(build, 'r14')}
${placesBehind(build, 'r14', 'r13')}
`;
