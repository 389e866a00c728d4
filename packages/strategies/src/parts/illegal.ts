import type { PluginContext } from '@checkstop/kernel';
import { asm, MSR, PROGRAM, VECTOR } from '@checkstop/ppc-core';
import * as v from 'valibot';
import { defineReport, interlockOption } from './report.ts';
import { patchVector, unpatchOption } from './vector.ts';
import { type Waiting, whileHeld } from './waiting.ts';

/** Not `attn` (0x00000200), not KVM's breakpoint (0x00dddd00), and the same in both byte orders. */
const SPECIAL = 0x004d4d00;

/** Options of the notification by an illegal instruction. The defaults are right; all else is a mutant. */
export const illegalOptions = v.strictObject({
  testPr: v.optional(
    v.pipe(
      v.boolean(),
      v.description(
        'Whether an illegal word in problem state is left to the guest: without the test a program forges a check.',
      ),
    ),
    true,
  ),
  testIr: v.optional(
    v.pipe(
      v.boolean(),
      v.description(
        'Whether an illegal word fetched through translation is left to the guest: without the test whoever maps something at 0x200 forges a check.',
      ),
    ),
    true,
  ),
  testNip: v.optional(
    v.pipe(v.boolean(), v.description('Whether an illegal word elsewhere than at the vector is left to the guest.')),
    true,
  ),
  testPending: v.optional(
    v.pipe(
      v.boolean(),
      v.description(
        'Whether an illegal word without a pending check on this vCPU is left to the guest: without the test a branch to 0x200 forges one.',
      ),
    ),
    true,
  ),
  interlock: interlockOption,
  unpatch: unpatchOption,
});

/** The vector: one illegal word. Hypervisor emulation assistance leaves SRR0, SRR1 and every other register alone. */
const vector = asm`
        .long   ${SPECIAL}
`;

/** Notification by an illegal instruction at 0x200, which traps to the hypervisor. Any other one is the guest's own. */
export function notifyByIllegalInstruction(
  ctx: PluginContext,
  name: string,
  options: v.InferOutput<typeof illegalOptions> & { readonly waiting: Waiting },
): void {
  const { testPr, testIr, testNip, testPending, interlock, unpatch, waiting } = options;
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
    whileHeld: whileHeld(ctx, waiting),
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

  patchVector(ctx, name, { source: vector, unpatch });
  ctx.provide('delivery', { strike: () => undefined });
}
