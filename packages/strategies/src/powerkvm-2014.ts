import { definePlugin, PLUGIN_CONTRACT, u64 } from '@checkstop/kernel';
import { asm } from '@checkstop/ppc-core';
import * as v from 'valibot';
import { version } from '../package.json';
import { fixedLog } from './parts/fixed-log.ts';
import { BUSY, firmwareWith, REPORT, sampleOption } from './parts/powerkvm.ts';
import { defineReport } from './parts/report.ts';
import { patchVector } from './parts/vector.ts';
import { withFirmware } from './parts/with-firmware.ts';

/** What lies before PAPR's buffer: SRR0 and SRR1, in the byte order in which interrupts are taken. */
const FRAME = { SRR0: 0, SRR1: 8, BUFFER: 16 } as const;

/** What QEMU knew of these registers without asking KVM. */
const known = { sprg2: u64, srr0: u64, srr1: u64 };
const KNOWN = ['sprg2', 'srr0', 'srr1'] as const;

/** Options of `powerkvm2014`: what it did, and how to take single defects out. */
const powerkvm2014Options = v.strictObject({
  registers: v.optional(
    v.pipe(
      v.picklist(['known', 'pulled']),
      v.description(
        "Whose SPRG2, SRR0 and SRR1 the report call reads: QEMU's copy, from when the vCPU started, or the vCPU's.",
      ),
    ),
    'known',
  ),
  sample: sampleOption,
});

/**
 * The sixteen words of September 2014. Busy is told by comparing r3 in CR7, and the retry is an absolute branch to the third word,
 * where r3 must be 0. SPRG2 serves twice: for r3 on the way in, for r4 on the way out. The last branch is made by or-ing the
 * registered address into a `ba`.
 */
const vector = asm`
        mtsprg  2, r3
        li      r3, 0
retry:  ori     r3, r3, ${REPORT}
        sc      1
        cmpdi   cr7, r3, 0
        bne     cr7, 1f
        ba      retry
1:      mtsprg  2, r4
        ld      r4, ${FRAME.SRR0}(r3)
        mtsrr0  r4
        ld      r4, ${FRAME.SRR1}(r3)
        mtsrr1  r4
        addi    r3, r3, ${FRAME.BUFFER}
        mfsprg  r4, 2
        .long   0x48000002 | REGISTERED
        b       .
`;

/**
 * PowerKVM as of September 2014: the first shipped form of the series, defects and all (docs/defects.md says which). One flag
 * serialises the reports, a report that finds it set answers 0, and ibm,nmi-interlock clears it for whoever calls.
 */
export const powerkvm2014 = withFirmware(
  definePlugin({
    name: 'powerkvm-2014',
    version,
    contract: PLUGIN_CONTRACT,
    provides: ['delivery'],
    requires: ['processor', 'hypervisor', 'fwnmi'],
    options: powerkvm2014Options,
    setup(ctx, { registers, sample }) {
      const { hcalls } = ctx.use('hypervisor');
      const { buffer } = ctx.use('fwnmi');
      const { vcpus } = ctx.use('processor');
      const frame = buffer - FRAME.BUFFER;
      const copies = registers === 'known' ? ctx.state('perAgent', 'powerkvm-2014.known', known) : undefined;
      if (copies)
        ctx.bus.on('started', ({ agent }) => {
          for (const name of KNOWN) copies.at(agent)[name] = vcpus[agent].reg(name);
        });
      const read = (agent: number, name: (typeof KNOWN)[number]): bigint =>
        copies ? copies.at(agent)[name] : vcpus[agent].reg(name);
      const order = (agent: number) => (vcpus[agent].reg('ile') === 1n ? 'little' : 'big');

      const report = defineReport(ctx, {
        name: 'KVMPPC_H_REPORT_MC_ERR',
        interlock: 'taken',
        whileHeld: (c) => c.done(BUSY),
        savedR3: (c) => read(c.agent, 'sprg2'),
        prepare({ agent }, check) {
          const { srr0, srr1 } =
            sample === 'injection' ? check : { srr0: read(agent, 'srr0'), srr1: read(agent, 'srr1') };
          ctx.ram.writeU64(frame + FRAME.SRR0, srr0, order(agent));
          ctx.ram.writeU64(frame + FRAME.SRR1, srr1, order(agent));
        },
        form: ({ agent, vcpu }) => ({ log: fixedLog(vcpu), endian: order(agent) }),
        handOver: (c) => c.done(frame),
      });
      hcalls.bind(REPORT, report);
      patchVector(ctx, 'powerkvm-2014', { source: vector });
      ctx.provide('delivery', { strike: () => undefined });
    },
  }),
  firmwareWith(0x1000 + FRAME.BUFFER),
);
