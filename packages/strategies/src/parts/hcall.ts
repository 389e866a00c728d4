import { H_FUNCTION, type Outcome } from '@checkstop/hypervisor';
import type { PluginContext } from '@checkstop/kernel';
import { asm, MSR } from '@checkstop/ppc-core';
import * as v from 'valibot';
import { defineReport, type ReportContext } from './report.ts';
import { patchVector } from './vector.ts';

/** Options of the strategies whose vector makes a hypercall. The defaults are the repaired form; the rest are mutants. */
export const hcallOptions = v.strictObject({
  /** Number of the report call. */
  hcall: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(0xffff)), 0xf004),
  /** The SPRG that takes r3 to the hypervisor, and is lost. */
  scratch: v.optional(v.picklist(['sprg0', 'sprg1', 'sprg2', 'sprg3']), 'sprg2'),
  /** When SRR0 and SRR1 are sampled. `report` is a mutant: `sc` has overwritten them by then, as the series of 2014 found out. */
  sample: v.optional(v.picklist(['injection', 'report']), 'injection'),
  /** `none` is a mutant: nobody takes the interlock. */
  interlock: v.optional(v.picklist(['taken', 'none']), 'taken'),
  /** Where the private frame lies. `log` is a mutant: over the error log. */
  frame: v.optional(v.picklist(['own', 'log']), 'own'),
  /** `false` is a mutant: the vector goes on leading to a routine that was replaced. */
  repatch: v.optional(v.boolean(), true),
});

/** Validated options. */
export type HcallOptions = v.InferOutput<typeof hcallOptions>;

/** The private frame: what the vector puts back into registers. Doublewords, in the byte order of the vector. */
const FRAME = { SRR0: 0, SRR1: 8, CR: 16, R4: 24 } as const;
const FRAME_SIZE = 32;

/**
 * The vector. A report that is busy goes on at the branch, so that no compare destroys CR; one that succeeds goes on behind
 * it. What `sc 1` destroyed comes back from the frame; r4 gets there and back through the frame, too.
 */
const vector = asm`
        mtsprg  SCRATCH, r3
1:      li      r3, 0
        ori     r3, r3, REPORT
        sc      1
        b       1b
        std     r4, R4(r3)
        ld      r4, SRR0(r3)
        mtsrr0  r4
        ld      r4, SRR1(r3)
        mtsrr1  r4
        ld      r4, CR(r3)
        mtcr    r4
        ld      r4, R4(r3)
        ba      ROUTINE
`;

/** A strategy whose vector makes a hypercall; `whileHeld` is what that call does while another vCPU holds the interlock. */
export function reportByHcall(
  ctx: PluginContext,
  name: string,
  options: HcallOptions,
  whileHeld: (c: ReportContext) => Outcome,
): void {
  const { checks, hcalls } = ctx.use('hypervisor');
  const fwnmi = ctx.use('fwnmi');
  const { buffer, frame } = fwnmi;
  const at = options.frame === 'own' ? frame(FRAME_SIZE) : buffer + 8;

  const report = defineReport(ctx, {
    name: 'report machine check',
    interlock: options.interlock,
    refuse: (c) => (fwnmi.registration && checks.pending(c.agent) ? undefined : c.done(H_FUNCTION)),
    whileHeld,
    savedR3: (c) => c.vcpu.reg(options.scratch),
    prepare({ vcpu }, check) {
      const order = vcpu.reg('ile') === 1n ? 'little' : 'big';
      const sampled = options.sample === 'injection' ? check : { srr0: vcpu.reg('srr0'), srr1: vcpu.reg('srr1') };
      ctx.ram.writeU64(at + FRAME.SRR0, sampled.srr0, order);
      ctx.ram.writeU64(at + FRAME.SRR1, sampled.srr1, order);
      ctx.ram.writeU64(at + FRAME.CR, check.cr, order);
    },
    handOver(c) {
      c.vcpu.setGpr(3, BigInt(buffer));
      c.vcpu.setReg('msr', c.vcpu.reg('msr') | MSR.ME);
      return c.resume(c.vcpu.reg('nip') + 4n);
    },
  });
  hcalls.bind(options.hcall, report);

  const offsets = Object.fromEntries(Object.entries(FRAME).map(([field, offset]) => [field, at + offset - buffer]));
  const symbols = { ...offsets, REPORT: options.hcall, SCRATCH: Number(options.scratch.slice(-1)) };
  patchVector(ctx, name, { source: vector, symbols, repatch: options.repatch });
  ctx.provide('delivery', { strike: () => undefined });
}
