import { H_FUNCTION } from '@checkstop/hypervisor';
import type { PluginContext } from '@checkstop/kernel';
import { type AsmSource, asm, MSR } from '@checkstop/ppc-core';
import * as v from 'valibot';
import { defineReport, interlockOption } from './report.ts';
import { patchVector, unpatchOption } from './vector.ts';
import { type Waiting, whileHeld } from './waiting.ts';

/** Options of the strategies whose vector makes a hypercall. The defaults are the repaired form. */
export const hcallOptions = v.strictObject({
  /** Number of the report call. */
  hcall: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(0xffff)), 0xf004),
  scratch: v.optional(
    v.pipe(
      v.picklist(
        ['sprg0', 'sprg1', 'sprg2', 'sprg3'],
        ({ received }) =>
          `${received} is no SPRG; the vector puts the number of its call into r3 and has to keep the interrupted r3 somewhere: say sprg0 to sprg3, or take a notification that needs no scratch register`,
      ),
      v.description(
        'The SPRG that takes r3 to the hypervisor, and is lost. LoPAR shares SPRG2 with firmware, which sprg2 stands for: SPRG1 is taken instead where the OS registered by ibm,nmi-register-2; SPRG0 is a resource of the hypervisor.',
      ),
    ),
    'sprg2',
  ),
  sample: v.optional(
    v.pipe(
      v.picklist(['injection', 'report']),
      v.description(
        'When SRR0 and SRR1 are sampled. At the report it is too late: sc overwrites them as it executes (Power ISA, Book III; Paul Mackerras in the seed mail).',
      ),
    ),
    'injection',
  ),
  sampleCr: v.optional(
    v.pipe(
      v.picklist(['injection', 'report']),
      v.description('When CR is sampled. At the report that is right as long as nothing in the vector compares.'),
    ),
    'injection',
  ),
  busy: v.optional(
    v.pipe(
      v.picklist(['branch', 'cr0', 'cr7']),
      v.description(
        'How the vector tells busy from done: by where the call comes back to, or by comparing r3, which destroys a field of CR until the frame brings it back.',
      ),
    ),
    'branch',
  ),
  interlock: interlockOption,
  frame: v.optional(
    v.pipe(
      v.picklist(['own', 'log']),
      v.description(
        'Where the private frame lies, which brings SRR0, SRR1, CR and r4 back: in RTAS space of its own, or over the error log.',
      ),
    ),
    'own',
  ),
  repatch: v.optional(
    v.pipe(
      v.boolean(),
      v.description(
        'Whether the vector is written anew when another routine is registered; if not, it goes on leading to the old one.',
      ),
    ),
    true,
  ),
  unpatch: unpatchOption,
});

/** Validated options. */
export type HcallOptions = v.InferOutput<typeof hcallOptions>;

/** The answer that means: another vCPU holds the interlock, try again. */
const BUSY = 0;

/** The private frame: what the vector puts back into registers. Doublewords, in the byte order of the vector. */
const FRAME = { SRR0: 0, SRR1: 8, CR: 16, R4: 24 } as const;
const FRAME_SIZE = 32;

/** Where the report call comes back to: a branch, which only a busy one comes back to, or a comparison. A refusal is negative. */
const RETURNS: Readonly<Record<HcallOptions['busy'], AsmSource>> = {
  branch: asm`
        b       1b`,
  cr0: asm`
        cmpdi   r3, 0
        ble     1b`,
  cr7: asm`
        cmpdi   cr7, r3, 0
        ble     cr7, 1b`,
};

/**
 * The vector. A report that is busy goes on at the branch, so that no compare destroys CR; one that succeeds goes on behind
 * it. What `sc 1` destroyed comes back from the frame; r4 gets there and back through the frame, too.
 */
const vector = (busy: HcallOptions['busy']): AsmSource => asm`
        mtsprg  SCRATCH, r3
1:      li      r3, 0
        ori     r3, r3, REPORT
        sc      1${RETURNS[busy]}
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

/** Notification by a hypercall: the vector at 0x200 makes it, and gets from it what the routine is to find. */
export function notifyByHcall(
  ctx: PluginContext,
  name: string,
  options: HcallOptions & { readonly waiting: Waiting },
): void {
  const { checks, hcalls } = ctx.use('hypervisor');
  const fwnmi = ctx.use('fwnmi');
  const offset = options.frame === 'own' ? fwnmi.frame(FRAME_SIZE) - fwnmi.buffer : 8;
  /** The default is the register that LoPAR shares: which one that is, the OS says as it registers. */
  const scratch = () => (options.scratch === 'sprg2' ? fwnmi.sharedSprg : options.scratch);

  const report = defineReport(ctx, {
    name: 'report machine check',
    interlock: options.interlock,
    refuse: (c) => (fwnmi.registration && checks.pending(c.agent) ? undefined : c.done(H_FUNCTION)),
    whileHeld: whileHeld(ctx, options.waiting, (c) => c.done(BUSY)),
    savedR3: (c) => c.vcpu.reg(scratch()),
    prepare({ vcpu }, check) {
      const at = fwnmi.buffer + offset;
      const order = vcpu.reg('ile') === 1n ? 'little' : 'big';
      const now = { srr0: vcpu.reg('srr0'), srr1: vcpu.reg('srr1'), cr: vcpu.reg('cr') };
      const { srr0, srr1 } = options.sample === 'injection' ? check : now;
      ctx.ram.writeU64(at + FRAME.SRR0, srr0, order);
      ctx.ram.writeU64(at + FRAME.SRR1, srr1, order);
      ctx.ram.writeU64(at + FRAME.CR, options.sampleCr === 'injection' ? check.cr : now.cr, order);
    },
    handOver(c) {
      c.vcpu.setReg('msr', c.vcpu.reg('msr') | MSR.ME);
      c.vcpu.setGpr(3, BigInt(fwnmi.buffer));
      return c.resume(c.vcpu.reg('nip') + (options.busy === 'branch' ? 4n : 0n));
    },
  });
  hcalls.bind(options.hcall, report);

  const symbols = {
    ...Object.fromEntries(Object.entries(FRAME).map(([field, at]) => [field, offset + at])),
    REPORT: options.hcall,
    get SCRATCH() {
      return Number(scratch().slice(-1));
    },
  };
  const { busy, repatch, unpatch } = options;
  patchVector(ctx, name, { source: vector(busy), symbols, repatch, unpatch });
  ctx.provide('delivery', { strike: () => undefined });
}
