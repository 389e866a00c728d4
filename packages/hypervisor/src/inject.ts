import { definePlugin, u32 } from '@checkstop/kernel';
import * as v from 'valibot';
import { CHECK_KINDS } from './check-kinds.ts';

const options = v.optional(
  v.strictObject({
    /** How many checks may strike each vCPU. */
    perVcpu: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(255)), 1),
    kind: v.optional(v.picklist(CHECK_KINDS), 'slb-multihit'),
    /** The hardware has repaired it already. */
    recovered: v.optional(v.boolean(), false),
    /** The failing effective address, where the kind has one. */
    address: v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(0)), 0xdeadbeef),
  }),
  {},
);

/**
 * Lets machine checks strike: offers the action `check` on every vCPU that is at a boundary between guest instructions, or
 * ceded. (A check that arrives while the vCPU is in the hypervisor waits for its next boundary, where it is on offer
 * anyway.) Whether and when one strikes is the scheduler's choice.
 */
export const injectChecks = definePlugin({
  name: 'inject-checks',
  version: '0.1.0',
  contract: 1,
  requires: ['hypervisor'],
  options,
  setup(ctx, { perVcpu, kind, recovered, address }) {
    const hypervisor = ctx.use('hypervisor');
    const state = ctx.state('perAgent', 'inject-checks', { injected: u32 });
    ctx.offer({
      action: 'check',
      cost: 'fault',
      available: (agent) => state.at(agent).injected < perVcpu && hypervisor.atBoundary(agent),
      perform(agent) {
        state.at(agent).injected += 1;
        hypervisor.checks.latch(agent, { kind, recovered, address: BigInt(address) });
      },
    });
  },
});
