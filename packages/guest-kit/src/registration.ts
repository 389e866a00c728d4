import { type AsmSource, asm } from '@checkstop/ppc-core';
import type { GuestBuild } from './build.ts';
import { rtas } from './rtas.ts';

/** The token of the call by which a guest registers. */
export const registerCall = (register2: boolean): string => (register2 ? 'NMI_REGISTER_2' : 'NMI_REGISTER');

/** The call that the work of a guest begins with when it registers again. LR is lost; CR0, r4 and what an RTAS call loses. */
export const registerAgain = ({ reregister }: Pick<GuestBuild, 'reregister'>): AsmSource | '' =>
  reregister
    ? asm`
        bl      register_again`
    : '';

/**
 * What `registerAgain` calls, behind the work, because only the first vCPU goes through it: registers the routine at
 * `machine_check_again`, with the system-reset routine of before. r15 is lost, too. The argument block has a page of its
 * own, since firmware writes to it.
 *
 * @param number register whose low halfword is the number of this vCPU
 */
export const registeringAgain = (
  { reregister, endian, register2 }: Pick<GuestBuild, 'reregister' | 'endian' | 'register2'>,
  number: string,
): AsmSource | '' =>
  reregister
    ? asm`
register_again:
        andi.   r4, ${number}, 0xffff
        bnelr
        mflr    r15
${rtas('register_again_args')}
        lwz     r4, register_again_args+20(0)
        cmpwi   r4, 0
        bne     panic
        mtlr    r15
        blr
        .endian big
        .balign 256
register_again_args:
        .long   ${registerCall(register2)}, 2, 1, system_reset, machine_check_again, 0
        .balign 256
        .endian ${endian}
`
    : '';

/** A second copy of a guest's machine-check routine, where it registers again. @param routine its text from a label on */
export const secondRoutine = (
  { reregister }: Pick<GuestBuild, 'reregister'>,
  routine: (label: string) => AsmSource,
): AsmSource | '' => (reregister ? routine('machine_check_again') : '');
