import { type AsmSource, asm } from '@checkstop/ppc-core';
import type { GuestBuild } from '../build.ts';
import { rtas } from '../rtas.ts';
import { waitUntilStopped } from '../stopped.ts';

/** Lost are r15, r16 and what an RTAS call loses. */
export const hotplug = ({ hotplug }: Pick<GuestBuild, 'hotplug'>): AsmSource | '' =>
  hotplug === 'none'
    ? ''
    : asm`
        bl      hotplug`;

/**
 * What it calls: the first vCPU waits until every other one has stopped, and starts it afresh; the others stop, and go through once
 * they are back, which they know by a mark above their stack.
 *
 * @param number register whose low halfword is the number of this vCPU
 */
export const hotplugging = (
  { hotplug, endian }: Pick<GuestBuild, 'hotplug' | 'endian'>,
  number: string,
): AsmSource | '' =>
  hotplug === 'none'
    ? ''
    : asm`
hotplug:
        andi.   r4, ${number}, 0xffff
        beq     1f
        lbz     r4, 0x18(r1)
        cmpwi   r4, 0
        bnelr
        li      r4, 1
        stb     r4, 0x18(r1)
${rtas('unplug_args')}
        b       panic
1:      mflr    r16
        li      r15, 1
2:      cmpwi   r15, VCPUS
        bge     4f${waitUntilStopped(3)}
        stb     r15, plug_args+15(0)
        stb     r15, plug_args+23(0)
${rtas('plug_args')}
        lwz     r4, plug_args+24(0)
        cmpwi   r4, 0
        bne     panic
        addi    r15, r15, 1
        b       2b
4:      mtlr    r16
        blr
hotplug_end:
        .endian big
        .balign 256
unplug_args:
        .long   STOP_SELF, 0, 1, 0
        .balign 256                     # a page of its own, since it is written to
plug_args:
        .long   START_CPU, 3, 1, 0, ${hotplug === 'early-ri' ? 'early' : 'entry'}, 0, 0
        .balign 256
early:  mfmsr   r4
        ori     r4, r4, ${endian === 'little' ? 'MSR_LE|MSR_RI' : 'MSR_RI'}
        mtsrr1  r4
        li      r4, start
        mtsrr0  r4
        rfid
        .endian ${endian}
`;
