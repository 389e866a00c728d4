import { bringUp, nextWork, registerAreas, takeOver } from '@checkstop/guest-kit';
import { type AsmSource, asm } from '@checkstop/ppc-core';
import type { OtherOsBuild } from './build.ts';

/** SPRG2 as the seed mail fears it: something persistent. 0x7e7e tells it from zero and from any address here. */
const persistentSprg2 = asm`
        oris    r29, r3, 0x7e7e
        mtsprg  2, r29`;

/** Gives a vCPU a world of its own; r3 = which of the regions it gets. */
const setUp = asm`
        mr      r31, r3
        lis     r30, REGIONS@ha
        addi    r30, r30, REGIONS@l
        sldi    r4, r31, REGION_SHIFT
        add     r30, r30, r4            # r30 and SPRG0: the per-CPU structure, for good
        li      r3, H_SET_SPRG0
        mr      r4, r30
        sc      1                       # SPRG0 belongs to the hypervisor (PAPR)
        cmpdi   r3, 0
        bne     panic
        addi    r1, r30, STACK
        addi    r4, r30, FRAMES-FRAME
        std     r4, PC_TRAPFRAME(r30)

        ld      r4, interlock_args(0)   # every frame gets its argument block
        ld      r5, interlock_args+8(0)
        li      r6, LEVELS
        mtctr   r6
        addi    r6, r30, FRAMES
1:      std     r4, F_ARGS(r6)
        std     r5, F_ARGS+8(r6)
        addi    r6, r6, FRAME
        bdnz    1b
`;

/** From the first instruction in our own byte order to the work; r3 = number of this vCPU. */
export const boot = (build: OtherOsBuild): AsmSource => asm`
start:
${setUp}
        cmpdi   r31, 0
        bne     online
${bringUp(build)}
online:${registerAreas(build, 'r31')}
        mr      r3, r31${build.sprg2 === 'persistent' ? persistentSprg2 : ''}
        li      r4, MSR_RI
        mtmsrd  r4, 1
        b       work
`;

/** The same for a kernel that takes over from one of the same kind: its region is the one behind the old kernel's. r17 = number of this vCPU. */
export const bootNext = (build: OtherOsBuild): AsmSource => asm`
start:
        li      r3, VCPUS
${setUp}
${takeOver(build)}${registerAreas(build, 'r31', 'r17')}
        mr      r3, r31${build.sprg2 === 'persistent' ? persistentSprg2 : ''}
${nextWork}
`;
