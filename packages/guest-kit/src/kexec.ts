import { type AsmSource, asm } from '@checkstop/ppc-core';
import { deregisterAreas } from './areas.ts';
import type { GuestBuild } from './build.ts';
import { rtas } from './rtas.ts';

/** Real address of the next kernel's image, and how far apart the same places of both kernels are. */
export const NEXT_KERNEL = 0x4000;

type Kexec = Pick<GuestBuild, 'kexec' | 'kexecVectors' | 'stubs' | 'deregister' | 'areas'>;

/**
 * Code that puts eight bytes, a no-op and a branch to the same place of the next kernel, over the vectors of interrupts that nothing
 * masks, and over a routine. Linux fills all of 0x100 to 0x3000 with them (crash_dump.c); here those places are
 * written that a machine check or a system reset can get to. r4 and r5 are lost.
 * With the branch first a vCPU that comes by between the two stores runs one instruction of the old kernel's, and then all of the new one's.
 *
 * @param routine address of the old kernel's routine for machine checks
 */
const writeStubs = (routine: string, stubs: GuestBuild['stubs']): AsmSource => {
  const halves = (at: string) => [`stw     r4, ${at}(0)`, `stw     r5, ${at}+4(0)`];
  const order = stubs === 'nop-first' ? halves : (at: string) => halves(at).reverse();
  const stores = ['0x100', '0x200', routine].flatMap(order);
  return asm`
        lis     r4, 0x6000              # nop
        lis     r5, 0x4800              # b .+NEXT_KERNEL-4
        ori     r5, r5, ${NEXT_KERNEL - 4}
        ${stores.join('\n        ')}
`;
};

/**
 * How the work of a guest ends: idle; or, where it is to be replaced, in kexec. An orderly one takes all vCPUs along, a crash only
 * the first, wherever the others are.
 *
 * @param number register whose low halfword is the number of this vCPU
 */
export const endOfWork = ({ kexec }: Kexec, number: string): AsmSource => {
  const first = asm`
        andi.   r4, ${number}, 0xffff
        beq     kexec`;
  const all = asm`
        b       kexec`;
  return asm`${{ none: '', crash: first, orderly: all }[kexec]}${kexec === 'none' ? '' : '\nwork_end:'}
idle:
        li      r3, H_CEDE
        sc      1
        b       idle
`;
};

/** Closes the work; where a kexec follows, `endOfWork` has done so, before what the first vCPU never comes to. */
export const workEnds = ({ kexec }: Pick<GuestBuild, 'kexec'>): string => (kexec === 'none' ? 'work_end:' : '');

/** All vCPUs give back what they registered for themselves and stop, but for the first, which waits for the others (Linux, kexec.c). */
const park = (build: Kexec, number: string) => asm`${deregisterAreas(build, number)}
        andi.   r4, ${number}, 0xffff
        beq     1f
${rtas('stop_self_args')}
        b       panic
1:      li      r15, 1
2:      cmpwi   r15, VCPUS
        bge     4f
        stb     r15, query_args+15(0)
3:${rtas('query_args')}
        lwz     r4, query_args+16(0)
        lwz     r5, query_args+20(0)
        or.     r4, r4, r5
        bne     3b
        addi    r15, r15, 1
        b       2b
4:`;

/** What `endOfWork` branches to, behind the work. Everything is lost. */
export const kexec = (build: Kexec, number: string): AsmSource | '' =>
  build.kexec === 'none'
    ? ''
    : asm`
kexec:${build.kexec === 'orderly' ? park(build, number) : ''}${build.deregister ? rtas('deregister_args') : ''}${build.kexecVectors === 'before' ? writeStubs('machine_check', build.stubs) : ''}
        li      r4, 0
        mtmsrd  r4, 1                   # from here to the next kernel's own work SRR0 and SRR1 are nobody's to lose
        li      r4, ${NEXT_KERNEL}
        mtctr   r4
        bctr
`;

/** What the next kernel does between its own set-up and its work: vectors, if nobody has written them, and registration. */
export const takeOver = ({
  kexecVectors,
  stubs,
  reregisters,
}: Pick<GuestBuild, 'kexecVectors' | 'stubs' | 'reregisters'>): AsmSource => {
  const register = asm`
${rtas('register_args')}
        lwz     r4, register_args+20(0)
        cmpwi   r4, 0
        bne     panic`;
  return asm`${kexecVectors === 'after' ? writeStubs(`machine_check-${NEXT_KERNEL}`, stubs) : ''}${reregisters ? register : ''}
`;
};

/** The work of the next kernel: none to speak of. Then it idles. */
export const nextWork: AsmSource = asm`
        li      r4, MSR_RI
        mtmsrd  r4, 1
        nop
idle:
        li      r3, H_CEDE
        sc      1
        b       idle
`;
