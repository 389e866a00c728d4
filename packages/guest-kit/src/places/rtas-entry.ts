import { type AsmSource, asm } from '@checkstop/ppc-core';
import type { GuestBuild } from '../build.ts';
import { lockRtas, rtas, unlockRtas } from '../rtas.ts';

type Entry = Pick<GuestBuild, 'rtasEntry' | 'rtasLock' | 'endian'>;

const call = ({ rtasEntry }: Entry) =>
  rtasEntry === 'direct'
    ? rtas('query_args')
    : asm`
        bl      enter_rtas`;

/**
 * An RTAS call of the work's: where RTAS is entered as a kernel enters it, and where the guest has a lock for it, which the handler
 * takes too (Linux before 2576f5f91696, when a check inside RTAS was a deadlock). Lost are r15, r16 and what an RTAS call loses.
 */
export const firmwareCall = (build: Entry): AsmSource | '' => {
  if (build.rtasLock) return asm`${lockRtas('r5', 'r6')}${call(build)}${unlockRtas('r5', 'r6')}`;
  return build.rtasEntry === 'direct' ? '' : call(build);
};

/**
 * What it calls: RTAS runs in real mode, 32-bit and big-endian (LoPAR, RTAS environment), where the argument block is filled in, too.
 * SRR0 and SRR1 are live on the way there and back.
 *
 * @param number register whose low halfword is the number of this vCPU
 * @param own register that points to what is this vCPU's own, of which 24 bytes at 0x20 are lost
 */
export const enterRtas = ({ rtasEntry, endian }: Entry, number: string, own: string): AsmSource | '' =>
  rtasEntry === 'direct'
    ? ''
    : asm`
enter_rtas:
        mflr    r16
        mfmsr   r15
        li      r4, 0
        mtmsrd  r4, 1
        li      r4, in_rtas
        mtsrr0  r4
        li      r4, ${rtasEntry === 'ri-on' ? 'MSR_RI' : 0}
        mtsrr1  r4
        rfid
        .endian big
in_rtas:${endian === 'little' ? '\nswapped_rtas:' : ''}
        li      r3, QUERY_CPU_STOPPED_STATE
        addi    r4, ${own}, 0x20
        stw     r3, 0(r4)
        li      r3, 1
        stw     r3, 4(r4)
        li      r3, 2
        stw     r3, 8(r4)
        clrldi  r3, ${number}, 48       # asks about itself, which is nobody else's matter
        stw     r3, 12(r4)
        li      r3, 0
        ori     r3, r3, H_RTAS
        sc      1
        li      r4, 0
        mtmsrd  r4, 1
        mtsrr0  r16
        mtsrr1  r15
        rfid
enter_rtas_end:${endian === 'little' ? '\nswapped_rtas_end:' : ''}
        .endian ${endian}
`;
