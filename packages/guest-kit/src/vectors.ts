import { type AsmSource, asm } from '@checkstop/ppc-core';
import type { GuestBuild } from './build.ts';
import { taskTrap } from './places/task-trap.ts';
import { rtas } from './rtas.ts';

/** The word that the illegal-instruction exit recognises: opcode 0, and the same in both byte orders. */
const SPECIAL = 0x004d4d00;

/** 0x700 of a guest that forges: the word was reflected as an illegal instruction (SRR1 0x80000), so go on after the call. */
const reflected = asm`
        mfsrr1  r9
        andis.  r9, r9, 8
        beq     1f
        mflr    r9
        mtsrr0  r9
        rfid
1:`;

const unexpected = asm`
        b       panic`;

/** The vectors below the system call's, where the next line lands. 0x100 and 0x200 are firmware's from registration on. */
export const vectors = ({ forge, task }: Pick<GuestBuild, 'forge' | 'task'>): AsmSource => asm`
        .org    0x100
        b       panic
        .org    0x200
        b       panic
        .org    0x300
        b       panic
        .org    0x400
        b       panic
        .org    0x600
        b       panic
        .org    0x700
${forge === 'word' || forge === 'branch' ? reflected : ''}${taskTrap({ task })}${unexpected}
        .org    0x900
        b       panic
        .org    0xc00
`;

const forgeries = {
  none: '',
  word: asm`
        bl      forged`,
  branch: asm`
        bla     0x200`,
  interlock: rtas('interlock_args'),
} as const;

/** The call that a forging guest's work begins with: to the word somewhere else than at 0x200, or to 0x200, or to RTAS. LR is lost, and what an RTAS call loses. */
export const forgery = ({ forge }: Pick<GuestBuild, 'forge'>): AsmSource | '' => forgeries[forge];

/** What `forgery` calls. */
export const forged: AsmSource = asm`
forged: .long   ${SPECIAL}
`;
