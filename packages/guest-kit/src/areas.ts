import { type AsmSource, asm } from '@checkstop/ppc-core';
import type { GuestBuild } from './build.ts';

/** Offsets in a vCPU's 1 KiB for the hypervisor, their sizes, and the sub-functions of H_REGISTER_VPA (LoPAR), in bits 16 to 18 of r4. */
const KINDS = [
  { offset: 0, size: 640, width: 'h', register: 1, deregister: 5 },
  { offset: 0x280, size: 2 * 48, width: 'w', register: 2, deregister: 6 },
  { offset: 0x300, size: 16, width: 'w', register: 3, deregister: 7 },
] as const;

/** Where the areas of all vCPUs lie, 1 KiB each, so that none crosses a page. */
const AREAS = 0xc800;
const AREA_SHIFT = 10;

const call = (subFunction: number, offset: number) => asm`
        li      r3, H_REGISTER_VPA
        li      r4, ${subFunction}
        sldi    r4, r4, 45
        mr      r5, r16
        addi    r6, r15, ${offset}
        sc      1
        cmpdi   r3, 0
        bne     panic`;

/** The size of an area stands at its offset 4, big-endian whatever the guest. */
const size = ({ size, offset, width }: (typeof KINDS)[number], endian: 'big' | 'little') => asm`
        li      r4, ${size}
        li      r5, ${offset + 4}
        st${width}${endian === 'big' ? 'x' : 'brx'}   r4, r15, r5`;

/**
 * A vCPU gives the hypervisor a Virtual Processor Area, a dispatch trace log and an SLB shadow. Lost are r15 to r17 and what a
 * hypercall loses.
 *
 * @param own register whose low halfword says which areas are this vCPU's
 * @param number register whose low halfword is the number of this vCPU
 */
export const registerAreas = (
  { areas, endian }: Pick<GuestBuild, 'areas' | 'endian'>,
  own: string,
  number: string = own,
): AsmSource | '' =>
  areas
    ? asm`
        clrldi  r16, ${own}, 48
        sldi    r15, r16, ${AREA_SHIFT}
        addis   r15, r15, ${(AREAS + 0x8000) >> 16}
        addi    r15, r15, ${AREAS - (((AREAS + 0x8000) >> 16) << 16)}
        clrldi  r16, ${number}, 48${size(KINDS[0], endian)}${call(KINDS[0].register, KINDS[0].offset)}${size(KINDS[1], endian)}${call(KINDS[1].register, KINDS[1].offset)}${size(KINDS[2], endian)}${call(KINDS[2].register, KINDS[2].offset)}
`
    : '';

/**
 * A vCPU takes them back: dispatch trace log, SLB shadow, and then the Virtual Processor Area, which can't go before (LoPAR,
 * H_REGISTER_VPA). Lost are r15, r16 and what a hypercall loses.
 */
export const deregisterAreas = ({ areas }: Pick<GuestBuild, 'areas'>, number: string): AsmSource | '' =>
  areas
    ? asm`
        clrldi  r16, ${number}, 48
        li      r15, 0${call(KINDS[1].deregister, 0)}${call(KINDS[2].deregister, 0)}${call(KINDS[0].deregister, 0)}
`
    : '';
