import { type AsmSource, asm } from '@checkstop/ppc-core';
import type { GuestBuild } from '../build.ts';
import { forgery } from '../vectors.ts';

type Task = Pick<GuestBuild, 'task' | 'endian' | 'forge'>;

const other = (endian: GuestBuild['endian']): GuestBuild['endian'] => (endian === 'big' ? 'little' : 'big');

const body = (build: Task) => asm`${forgery(build)}
        li      r3, 0x2a
        stw     r3, 0(r1)
        sc
        lwz     r4, 0(r1)
        trap                            # comes back as the kernel`;

/** In the other byte order down to the labels that say so. */
const swapped = (build: Task) => asm`
        .endian ${other(build.endian)}
swapped_task:${body(build)}
swapped_task_end:
        .endian ${build.endian}`;

/**
 * A task: what follows the call runs in problem state, up to the trap. It has the kernel's stack and registers. Lost are LR, CR, r3, r4
 * and what a system call loses.
 */
export const task = (build: Task): AsmSource | '' =>
  build.task === 'none'
    ? ''
    : asm`
        bl      enter_task${build.task === 'swapped' ? swapped(build) : body(build)}
        cmpwi   r4, 0x2a
        bne     panic`;

const modes = {
  '64-bit': '',
  '32-bit': asm`
        clrldi  r4, r4, 1               # SF`,
  swapped: asm`
        xori    r4, r4, MSR_LE`,
} as const;

/** What `task` calls: goes on where it was called from, as a task. */
export const enterTask = ({ task }: Pick<GuestBuild, 'task'>): AsmSource | '' =>
  task === 'none'
    ? ''
    : asm`
enter_task:
        li      r4, 0
        mtmsrd  r4, 1                   # SRR0 and SRR1 are live
        mflr    r4
        mtsrr0  r4
        mfmsr   r4
        ori     r4, r4, MSR_PR|MSR_RI${modes[task]}
        mtsrr1  r4
        rfid
enter_task_end:
`;
