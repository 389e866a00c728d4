import { bits } from '@checkstop/guest-kit';
import { type AsmSource, asm } from '@checkstop/ppc-core';

/** The first page of a vCPU's region is its PACA; what follows depends on the build. */
const paca = asm`
${bits}
        .set    REGIONS, 0x8000
        .set    PACA_SCRATCH, 0x00      # written to lose a reservation
        .set    PACA_MC, 0x08           # frame of the machine check being handled, or FRAMES-FRAME
        .set    PACA_EXGEN, 0x40        # registers of a prologue while RI=0
        .set    PACA_NMI, 0x80          # registers of the routine for system resets
        .set    FRAMES, 0x100
`;

/**
 * The brief build: four machine-check frames, a page of stack that grows up. A frame is one cache block of saved state,
 * wiped by one dcbz when it is popped, then the argument block of its interlock call.
 */
export const briefLayout: AsmSource = asm`
${paca}
        .set    REGION_SHIFT, 11
        .set    STACK, 0x500
        .set    FRAME, 0x100
        .set    LEVELS, 4
        .set    F_R4, 0x00
        .set    F_R13, 0x08
        .set    F_CR, 0x10
        .set    F_SRR0, 0x18
        .set    F_SRR1, 0x20
        .set    F_R3, 0x28
        .set    F_LOG, 0x30
        .set    F_ARGS, 0x80
`;

/** The full build: three frames that hold every register and one to panic in, a page of stack that grows down. */
export const fullLayout: AsmSource = asm`
${paca}
        .set    REGION_SHIFT, 11
        .set    STACK, 0x7e0
        .set    FRAME, 0x180
        .set    LEVELS, 3               # and a frame more
        .set    F_GPR, 0x00             # r0 to r31
        .set    F_CR, 0x100
        .set    F_LR, 0x108
        .set    F_CTR, 0x110
        .set    F_XER, 0x118
        .set    F_SRR0, 0x120
        .set    F_SRR1, 0x128
        .set    F_LOG, 0x130
        .set    F_LOG_SIZE, 0x40
        .set    F_ARGS, 0x170
`;
