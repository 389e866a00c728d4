import { definePlugin, PLUGIN_CONTRACT } from '@checkstop/kernel';
import { asm, MSR, PROGRAM, VECTOR } from '@checkstop/ppc-core';
import * as v from 'valibot';
import { defineReport } from './parts/report.ts';
import { patchVector } from './parts/vector.ts';

/** Not `attn` (0x00000200), not KVM's breakpoint (0x00dddd00), and the same in both byte orders. */
const SPECIAL = 0x004d4d00;

/** Options of `illegalInstruction`. The defaults are right; all else is a mutant. */
const illegalInstructionOptions = v.strictObject({
  /** What makes an illegal word a report: PR=0, IR=0, NIP at the vector, and a check that is pending on this vCPU. */
  testPr: v.optional(v.boolean(), true),
  testIr: v.optional(v.boolean(), true),
  testNip: v.optional(v.boolean(), true),
  testPending: v.optional(v.boolean(), true),
  /** `none`: nobody takes the interlock. */
  interlock: v.optional(v.picklist(['taken', 'none']), 'taken'),
});

/** The vector: one illegal word. Hypervisor emulation assistance leaves SRR0, SRR1 and every other register alone. */
const vector = asm`
        .long   ${SPECIAL}
`;

/**
 * Paul Mackerras's proposal (seed mail): the vector is an illegal instruction that traps to the hypervisor, which needs no
 * scratch register. Busy means that the instruction is executed again. Any other illegal instruction is the guest's own.
 */
export const illegalInstruction = definePlugin({
  name: 'illegal-instruction',
  version: '1.0.0',
  contract: PLUGIN_CONTRACT,
  provides: ['delivery'],
  requires: ['processor', 'hypervisor', 'fwnmi'],
  options: illegalInstructionOptions,
  setup(ctx, { testPr, testIr, testNip, testPending, interlock }) {
    const { checks, claimEmulation } = ctx.use('hypervisor');
    const fwnmi = ctx.use('fwnmi');

    const report = defineReport(ctx, {
      name: 'report machine check',
      interlock,
      refuse(c) {
        if (fwnmi.registration) return undefined;
        // The word is the guest's own: firmware has put nothing at 0x200.
        c.vcpu.raise(VECTOR.program, { srr1: PROGRAM.ILLEGAL });
        return c.resume();
      },
      whileHeld: (c) => c.resume(),
      savedR3: (c) => c.vcpu.gpr(3),
      handOver(c) {
        fwnmi.enterRoutine(c.agent);
        return c.resume();
      },
    });

    claimEmulation((agent, word) => {
      const vcpu = ctx.use('processor').vcpus[agent];
      const msr = vcpu.reg('msr');
      const reports =
        word === SPECIAL &&
        !(testPr && msr & MSR.PR) &&
        !(testIr && msr & MSR.IR) &&
        !(testNip && vcpu.reg('nip') !== BigInt(VECTOR.machineCheck)) &&
        !(testPending && !checks.pending(agent));
      return reports ? report : undefined;
    });

    patchVector(ctx, 'illegal-instruction', { source: vector });
    ctx.provide('delivery', { strike: () => undefined });
  },
});
