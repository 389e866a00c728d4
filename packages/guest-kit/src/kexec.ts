import { type AsmSource, asm } from '@checkstop/ppc-core';
import { deregisterAreas } from './areas.ts';
import type { GuestBuild } from './build.ts';
import { rtas } from './rtas.ts';
import { waitUntilStopped } from './stopped.ts';
import { NEXT_KERNEL, writeStubs } from './stubs.ts';

type Kexec = Pick<
  GuestBuild,
  'kexec' | 'kexecVectors' | 'stubs' | 'stubsOver' | 'parking' | 'reuse' | 'deregister' | 'areas'
>;

/** Whether the work itself ends in another kernel. */
const leaves = ({ kexec }: Pick<GuestBuild, 'kexec'>): boolean => kexec === 'orderly' || kexec === 'crash';

/**
 * How the work of a guest ends: idle; or, where it is to be replaced, in kexec. An orderly one takes all vCPUs along, a crash only
 * the first, wherever the others are.
 *
 * @param number register whose low halfword is the number of this vCPU
 */
export const endOfWork = (build: Pick<GuestBuild, 'kexec'>, number: string): AsmSource => {
  const first = asm`
        andi.   r4, ${number}, 0xffff
        beq     kexec`;
  const all = asm`
        b       kexec`;
  return asm`${{ none: '', panic: '', crash: first, orderly: all }[build.kexec]}${leaves(build) ? '\nwork_end:' : ''}
idle:
        li      r3, H_CEDE
        sc      1
        b       idle
`;
};

/** Closes the work; where a kexec follows, `endOfWork` has done so, before what the first vCPU never comes to. */
export const workEnds = (build: Pick<GuestBuild, 'kexec'>): string => (leaves(build) ? '' : 'work_end:');

/** Waits until every other vCPU has stopped, for as long as it takes. Lost are r15, r16 and what an RTAS call loses. */
const waitForOthers = (number: string) => asm`
        clrldi  r16, ${number}, 48
        li      r15, 0
1:      cmpw    r15, r16
        beq     3f${waitUntilStopped(2)}
3:      addi    r15, r15, 1
        cmpwi   r15, VCPUS
        blt     1b`;

/** All vCPUs give back what they registered for themselves and stop, but for the first, which waits for the others (Linux, kexec.c). */
const park = (build: Kexec, number: string) => asm`${deregisterAreas(build, number)}
        andi.   r4, ${number}, 0xffff
        beq     4f
${rtas('stop_self_args')}
        b       panic
4:${waitForOthers(number)}`;

/** The others are told to stop, by a system reset each, as Linux's kdump does where nothing masks it (smp_send_nmi_ipi). */
const signal = (parking: GuestBuild['parking'], number: string) => asm`
        li      r3, H_SIGNAL_SYS_RESET
        li      r4, -2                  # all but this one
        sc      1${parking === 'wait' ? waitForOthers(number) : ''}`;

/** How the others come to rest before another kernel is entered. */
const others = (build: Kexec, number: string) => {
  if (build.kexec === 'orderly') return park(build, number);
  return build.parking === 'none' ? '' : signal(build.parking, number);
};

/** What `endOfWork` and `panic` branch to, behind the work. Everything is lost; r17 is for the next kernel, the number of this vCPU. */
export const kexec = (build: Kexec, number: string): AsmSource | '' =>
  build.kexec === 'none'
    ? ''
    : asm`
kexec:${others(build, number)}${build.deregister ? rtas('deregister_args') : ''}${build.kexecVectors === 'before' ? writeStubs('machine_check', build) : ''}
        li      r4, 0
        mtmsrd  r4, 1                   # from here to the next kernel's own work SRR0 and SRR1 are nobody's to lose
        mr      r17, ${number}
        li      r4, ${NEXT_KERNEL}
        mtctr   r4
        bctr
`;

/** The next kernel takes the old one's code for free memory: what held the first instructions of the old routine is zero. r4 is lost. */
const reuseRoutine = (routine: string) => asm`
        li      r4, ${routine}
        dcbz    0, r4`;

/** What the next kernel does between its own set-up and its work: vectors, if nobody has written them, and registration. */
export const takeOver = (build: Kexec & Pick<GuestBuild, 'reregisters'>): AsmSource => {
  const { kexecVectors, reuse, reregisters } = build;
  const old = `machine_check-${NEXT_KERNEL}`;
  const register = asm`
${rtas('register_args')}
        lwz     r4, register_args+20(0)
        cmpwi   r4, 0
        bne     panic`;
  return asm`${kexecVectors === 'after' ? writeStubs(old, build) : ''}${reuse ? reuseRoutine(old) : ''}${reregisters ? register : ''}
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
