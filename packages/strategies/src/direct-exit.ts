import { definePlugin, PLUGIN_CONTRACT, u32 } from '@checkstop/kernel';
import * as v from 'valibot';
import { defineReport } from './parts/report.ts';

/** Options of `directExit`. */
const directExitOptions = v.strictObject({
  /** `none` is a mutant: nobody takes the interlock. */
  interlock: v.optional(v.picklist(['taken', 'none']), 'taken'),
  /** When the routine's address is read. `injection` is a mutant: another may be registered while the check waits. */
  routine: v.optional(v.picklist(['delivery', 'injection']), 'delivery'),
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
  setup(ctx, { interlock, routine }) {
    const fwnmi = ctx.use('fwnmi');
    const sampled =
      routine === 'injection' ? ctx.state('perAgent', 'direct-exit.routine', { address: u32 }) : undefined;
    const deliver = defineReport(ctx, {
      name: 'deliver machine check',
      interlock,
      whileHeld: (c) => c.wait(fwnmi.interlock.released, 'claim'),
      savedR3: (c) => c.vcpu.gpr(3),
      handOver(c) {
        fwnmi.enterRoutine(c.agent, sampled?.at(c.agent).address);
        sampled?.clear(c.agent);
        return c.resume();
      },
    });
    ctx.provide('delivery', {
      strike(agent) {
        const { registration } = fwnmi;
        if (registration && sampled) sampled.at(agent).address = registration.machineCheck;
        return registration ? deliver : undefined;
      },
    });
  },
});
