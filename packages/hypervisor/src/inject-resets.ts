import { definePlugin, u32 } from '@checkstop/kernel';
import * as v from 'valibot';
import { version } from '../package.json';

/** Most system resets that are worth signalling to one vCPU: two reach its operating system, the third sets off the reboot policy (LoPAR, System Reset Interrupt). */
export const MAX_RESETS = 3;

const options = v.optional(
  v.strictObject({
    /** How many system resets may be signalled to each vCPU. */
    perVcpu: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(MAX_RESETS)), 0),
  }),
  {},
);

/**
 * Lets somebody outside signal system resets, as an operator's `nmi` command does: offers the action `reset` on every vCPU
 * that is at a boundary between guest instructions, or ceded. Whether and when one comes is the scheduler's choice.
 */
export const injectResets = definePlugin({
  name: 'inject-resets',
  version,
  contract: 1,
  requires: ['hypervisor'],
  options,
  setup(ctx, { perVcpu }) {
    const hypervisor = ctx.use('hypervisor');
    const state = ctx.state('perAgent', 'inject-resets', { injected: u32 });
    ctx.offer({
      action: 'reset',
      cost: 'fault',
      available: (agent) => state.at(agent).injected < perVcpu && hypervisor.atBoundary(agent),
      perform(agent) {
        state.at(agent).injected += 1;
        hypervisor.resets.latch(agent);
      },
    });
  },
});
