import { type AsmSource, asm } from '@checkstop/ppc-core';
import type { PlaceBuild } from './options.ts';

/** 0x700, where a task has ended by a trap: on with the kernel behind it. Any other program interrupt falls through. */
export const taskTrap = ({ task }: Pick<PlaceBuild, 'task'>): AsmSource | '' =>
  task === 'none'
    ? ''
    : asm`
        mfsrr1  r9
        andis.  r9, r9, 2               # a trap
        beq     1f
        mfsrr0  r9
        addi    r9, r9, 4
        mtsrr0  r9
        mfmsr   r9
        ori     r9, r9, MSR_RI
        mtsrr1  r9
        rfid
1:`;
