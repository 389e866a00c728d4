import { definePlugin, PLUGIN_CONTRACT } from '@checkstop/kernel';
import { asm, MSR, type Vcpu } from '@checkstop/ppc-core';
import * as v from 'valibot';
import { version } from '../package.json';
import { fixedLog } from './parts/fixed-log.ts';
import { BUSY, firmwareWith, REPORT, sampleOption } from './parts/powerkvm.ts';
import { defineReport } from './parts/report.ts';
import { patchVector } from './parts/vector.ts';
import { withFirmware } from './parts/with-firmware.ts';

/** What lies before PAPR's buffer, in the byte order of the vCPU at the report. */
const FRAME = { SRR0: 0, SRR1: 8, CR: 16, BUFFER: 24 } as const;

/** The words that are made at registration: the number of the report call, and the branch to the routine. */
const PATCHED: readonly number[] = [2, 15];

/** Bytes behind the fixed log that nobody set: its length, and the first of the extended log. */
const UNSET = 5;

/** Options of `powerkvm2015`: what it did, and how to take single defects out. */
const powerkvm2015Options = v.strictObject({
  sample: sampleOption,
  sampleCr: v.optional(
    v.pipe(
      v.picklist(['report', 'injection']),
      v.description("When CR0 is sampled: at the report of a retry it is the vector's own comparison."),
    ),
    'report',
  ),
  stack: v.optional(
    v.pipe(
      v.picklist(['unset', 'cleared']),
      v.description("What the log's length and its first extended byte hold: whatever the host's stack did, or zero."),
    ),
    'unset',
  ),
  host: v.optional(
    v.pipe(
      v.picklist(['big', 'little']),
      v.description(
        "Byte order of the host. The words that the vector is copied from are big-endian, those made at registration are the host's.",
      ),
    ),
    'big',
  ),
});

/**
 * The seventeen words of July 2015. Busy is told by comparing r3 in CR0, which the frame was to bring back: its `mtcrf` names
 * no field. The last branch is made by or-ing the registered address into a `ba`.
 */
const vector = asm`
        mtsprg  2, r3
        li      r3, 0
1:      ori     r3, r3, ${REPORT}
        sc      1
        cmpdi   r3, 0
        beq     1b
        mtsprg  2, r4
        ld      r4, ${FRAME.SRR0}(r3)
        mtsrr0  r4
        ld      r4, ${FRAME.SRR1}(r3)
        mtsrr1  r4
        ld      r4, ${FRAME.CR}(r3)
        mtcrf   0, r4
        addi    r3, r3, ${FRAME.BUFFER}
        mfsprg  r4, 2
        .long   0x48000002 | REGISTERED
        b       .
`;

/** The words as a little-endian host wrote them: read from the big-endian blob and swapped, with those of its own among them. */
const reversed = (words: Uint8Array): Uint8Array =>
  words.map((_, i) => (PATCHED.includes(i >> 2) ? words[i] : words[(i & ~3) + 3 - (i & 3)]) as number);

/** CR0 alone, in the upper half of a doubleword, where no `mtcrf` finds it. */
const savedCr = (cr: bigint): bigint => (cr >> 28n) << 32n;

/**
 * PowerKVM as of July 2015: the second shipped form of the series, after review, defects and all (docs/defects.md says which).
 * The registers are pulled from KVM first, the vector is copied from the RTAS blob, the frame has CR0 as well.
 */
export const powerkvm2015 = withFirmware(
  definePlugin({
    name: 'powerkvm-2015',
    version,
    contract: PLUGIN_CONTRACT,
    provides: ['delivery'],
    requires: ['processor', 'hypervisor', 'fwnmi'],
    options: powerkvm2015Options,
    setup(ctx, { sample, sampleCr, stack, host }) {
      const { hcalls } = ctx.use('hypervisor');
      const { buffer } = ctx.use('fwnmi');
      const frame = buffer - FRAME.BUFFER;
      const order = (vcpu: Vcpu) => ((vcpu.reg('msr') & MSR.LE) === 0n ? 'big' : 'little');
      const unset = () => (stack === 'unset' && ctx.machine.choose('host stack', 2) === 1 ? 0xff : 0);

      const report = defineReport(ctx, {
        name: 'KVMPPC_H_REPORT_MC_ERR',
        interlock: 'taken',
        whileHeld: (c) => c.done(BUSY),
        savedR3: (c) => c.vcpu.reg('sprg2'),
        prepare({ vcpu }, check) {
          const now = { srr0: vcpu.reg('srr0'), srr1: vcpu.reg('srr1'), cr: vcpu.reg('cr') };
          const { srr0, srr1 } = sample === 'injection' ? check : now;
          const { cr } = sampleCr === 'injection' ? check : now;
          ctx.ram.writeU64(frame + FRAME.SRR0, srr0, order(vcpu));
          ctx.ram.writeU64(frame + FRAME.SRR1, srr1, order(vcpu));
          ctx.ram.writeU64(frame + FRAME.CR, savedCr(cr), order(vcpu));
        },
        form: ({ vcpu }) => ({
          log: Uint8Array.of(...fixedLog(vcpu), ...new Uint8Array(UNSET).fill(unset())),
          endian: order(vcpu),
        }),
        handOver: (c) => c.done(frame),
      });
      hcalls.bind(REPORT, report);
      patchVector(ctx, 'powerkvm-2015', { source: vector, ...(host === 'little' ? { copied: reversed } : {}) });
      ctx.provide('delivery', { strike: () => undefined });
    },
  }),
  firmwareWith(0x800 + FRAME.BUFFER),
);
