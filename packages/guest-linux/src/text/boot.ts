import { bringUp, type GuestBuild, nextWork, registerAreas, takeOver } from '@checkstop/guest-kit';
import { type AsmSource, asm } from '@checkstop/ppc-core';

/** Gives a vCPU a world of its own; r3 = which of the regions it gets. */
const setUp = asm`
        sldi    r13, r3, REGION_SHIFT
        lis     r4, REGIONS@ha
        addi    r4, r4, REGIONS@l
        add     r13, r13, r4
        mtsprg  1, r13                  # the PACA, for good
        oris    r14, r3, 1              # node 1 and the vCPU's number: what getcpu reads, for good
        mtsprg  3, r14
        addi    r1, r13, STACK
        addi    r4, r13, FRAMES-FRAME
        std     r4, PACA_MC(r13)

        ld      r4, interlock_args(0)   # every frame gets its argument block
        ld      r5, interlock_args+8(0)
        li      r6, LEVELS
        mtctr   r6
        addi    r6, r13, FRAMES
1:      std     r4, F_ARGS(r6)
        std     r5, F_ARGS+8(r6)
        addi    r6, r6, FRAME
        bdnz    1b
`;

/** From the first instruction in our own byte order to the work; r3 = number of this vCPU. */
export const boot = (build: GuestBuild): AsmSource => asm`
start:
${setUp}
        cmpdi   r3, 0
        bne     online
${bringUp(build)}
online:${registerAreas(build, 'r14')}
        li      r4, MSR_RI
        mtmsrd  r4, 1
        b       work
`;

/** The same for a kernel that takes over from one of the same kind: its region is the one behind the old kernel's. r17 = number of this vCPU. */
export const bootNext = (build: GuestBuild): AsmSource => asm`
start:
        li      r3, VCPUS
${setUp}
${takeOver(build)}${registerAreas(build, 'r14', 'r17')}
${nextWork}
`;
