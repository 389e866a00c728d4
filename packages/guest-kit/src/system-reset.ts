import { type AsmSource, asm } from '@checkstop/ppc-core';
import type { GuestBuild } from './build.ts';
import { firmwareLoads, rtas } from './rtas.ts';

/** What the routine for system resets rests on in a guest. */
export interface ResetConventions {
  /** The register that points to what is a vCPU's own; it is set up anew by the routine. */
  readonly register: string;
  /** Number of the SPRG that holds that pointer for good. */
  readonly home: number;
  /** Number of the SPRG that prologues put a register in: dead where RI=1. */
  readonly scratch: number;
  /** Offset of 128 bytes, aligned so, for the routine alone; at offset 0 of the vCPU's own lies a doubleword to lose reservations. */
  readonly area: string;
}

/** Mutant: CR is lost, as by a prologue that forgets it. */
const restoreCr = (register: string, area: string) => asm`
        ld      r4, ${area}+8(${register})
        mtcr    r4`;

/**
 * The registered routine for system resets that survives one, 25 instructions; or one that stops, where a crash signals them; or none, where resets end in a panic. It keeps RI=0
 * from beginning to end, so that it needs one save area only: a check or a reset that comes on top finds RI=0, and says so.
 *
 * PowerVM, KVM and QEMU leave the old r3 in an area in RTAS space and point r3 to it, LoPAR leaves r3 alone; as Linux does
 * (ras.c, fwnmi_get_savep), a pointer into RTAS space is taken for the former.
 */
export const systemReset = (
  build: Pick<GuestBuild, 'systemReset' | 'endian' | 'parking'>,
  conventions: ResetConventions,
): AsmSource | '' => {
  if (build.parking !== 'none') return stop;
  return build.systemReset === 'panic' ? '' : survive(build, conventions);
};

/** A crash signals it to whoever is to stop. */
const stop = asm`
system_reset:
${rtas('stop_self_args')}
        b       panic
`;

const survive = (
  build: Pick<GuestBuild, 'systemReset' | 'endian'>,
  { register, home, scratch, area }: ResetConventions,
): AsmSource => asm`
system_reset:
        mtsprg  ${scratch}, ${register}
        mfsprg  ${register}, ${home}
        std     r4, ${area}(${register})
        mfcr    r4
        std     r4, ${area}+8(${register})
        mfsrr1  r4
        andi.   r4, r4, MSR_RI
        beq     panic                   # SRR0 and SRR1 were live: they are lost

        li      r4, 0
        oris    r4, r4, RTAS_BASE>>16
        ori     r4, r4, RTAS_BASE&0xffff
        cmpld   r3, r4
        blt     1f
        li      r4, 0
        oris    r4, r4, RTAS_LAST>>16
        ori     r4, r4, RTAS_LAST&0xffff
        cmpld   r3, r4
        bgt     1f
        ${firmwareLoads(build).ldbe}    r3, 0, r3
1:
        li      r4, 0
        stdcx.  r4, 0, ${register}      # the interrupted code's reservation must not survive${build.systemReset === 'survive' ? restoreCr(register, area) : ''}
        ld      r4, ${area}(${register})
        addi    ${register}, ${register}, ${area}
        dcbz    0, ${register}
        mfsprg  ${register}, ${scratch}
        rfid
`;
