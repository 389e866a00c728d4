import { definePlugin, PLUGIN_CONTRACT } from '@checkstop/kernel';
import * as v from 'valibot';
import { defineReport } from './parts/report.ts';

/** Options of `directExit`. */
const directExitOptions = v.strictObject({
  /** `none` is a mutant: nobody takes the interlock. */
  interlock: v.optional(v.picklist(['taken', 'none']), 'taken'),
});

/**
 * The check leaves the guest, and the hypervisor sets the routine up from outside: upstream QEMU since 5.0
 * (spapr_mce_req_event). It waits on the interlock's condition, which drops the exit lock. Nothing is written to the vector.
 */
export const directExit = definePlugin({
  name: 'direct-exit',
  version: '1.0.0',
  contract: PLUGIN_CONTRACT,
  provides: ['delivery'],
  requires: ['processor', 'hypervisor', 'fwnmi'],
  options: directExitOptions,
  setup(ctx, { interlock }) {
    const fwnmi = ctx.use('fwnmi');
    const deliver = defineReport(ctx, {
      name: 'deliver machine check',
      interlock,
      whileHeld: (c) => c.wait(fwnmi.interlock.released, 'claim'),
      savedR3: (c) => c.vcpu.gpr(3),
      handOver(c) {
        fwnmi.enterRoutine(c.agent);
        return c.resume();
      },
    });
    ctx.provide('delivery', { strike: () => (fwnmi.registration ? deliver : undefined) });
  },
});
