import {
  forged,
  forgery,
  kexec,
  places,
  placesBehind,
  registerAgain,
  registeringAgain,
  workEnds,
} from '@checkstop/guest-kit';
import { type AsmSource, asm } from '@checkstop/ppc-core';
import type { OtherOsBuild } from './build.ts';
import { selfCheckAndIdle } from './self-check.ts';

/** As in the BSDs' prologues: LR goes to SPRG2, so that a register is free while RI=0. */
const parkLr = asm`
        mflr    r1
        mtsprg  2, r1`;

const fetchLr = asm`
        mfsprg  r12, 2`;

const restoreLr = asm`
        mtlr    r12`;

/** The system call at 0xc00, 14 instructions (18 when LR is parked): sets a bit of r3. r8 to r12 are the caller's loss. */
export const systemCallBrief = ({ sprg2 }: OtherOsBuild): AsmSource => {
  const parked = sprg2 === 'prologue';
  return asm`
system_call:
        mtsprg  1, r1                   # RI=0, and the stack pointer lives in SPRG1 alone${parked ? parkLr : ''}
        mfsprg  r1, 0
        mfsrr0  r8
        mfsrr1  r9
        mfsprg  r10, 1${parked ? fetchLr : ''}
        li      r11, MSR_RI
        mtmsrd  r11, 1                  # all that a check destroys is saved
        ori     r3, r3, 0x40
        li      r11, 0
        mtmsrd  r11, 1
        mtsrr0  r8
        mtsrr1  r9
        mr      r1, r10${parked ? restoreLr : ''}
        rfid
`;
};

/** One pass of work: 12 instructions with r3, LR, CR7 and a word of the stack live across a system call, then self-check and idle. */
export const workBrief = (build: OtherOsBuild): AsmSource => asm`
ready:
work:${registerAgain(build)}${build.task === 'none' ? forgery(build) : ''}${places(build)}
        li      r3, 21
        mtlr    r3                      # lives in SPRG2 for a while, where LR is parked
        std     r3, 0(r1)               # where r1 points is found out by what is there afterwards
        cmpdi   cr7, r3, 21             # equal
        sc                              # 85
        mflr    r4
        subf    r3, r4, r3              # 64
        ld      r4, 0(r1)
        add     r3, r3, r4              # and 21
        cmpdi   r3, 85
        crand   4*cr0+eq, 4*cr0+eq, 4*cr7+eq
        bne     panic
${selfCheckAndIdle(build)}
${workEnds(build)}
${forged}
${kexec(build, 'r31')}
${registeringAgain(build, 'r31')}
${placesBehind(build, 'r31', 'r30')}
`;
