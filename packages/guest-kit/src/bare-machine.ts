import { cede, createHypervisor, injectChecks, rtasGateway, setMode, setSprg0 } from '@checkstop/hypervisor';
import { createMachine, definePlugin, type Machine, PLUGIN_CONTRACT, type Plugin } from '@checkstop/kernel';
import { ppc64 } from '@checkstop/ppc-core';
import { fwnmi } from '@checkstop/rtas-fwnmi';
import * as v from 'valibot';
import { HCALLS } from './define-guest.ts';

/** A hypervisor without any lock, whose steps are atomic all the same. */
const bareHypervisor = definePlugin({
  name: 'bare-hypervisor',
  version: '1.0.0',
  contract: PLUGIN_CONTRACT,
  provides: ['hypervisor'],
  requires: ['processor'],
  options: v.object({ vcpus: v.number(), poison: v.boolean() }),
  agents: ({ vcpus }) => vcpus,
  setup(ctx, { poison }) {
    const hypervisor = createHypervisor(ctx, { poison });
    ctx.memory(0x10000);
    ctx.provide('hypervisor', hypervisor);
    hypervisor.hcalls.bind(HCALLS.H_SET_SPRG0, setSprg0(hypervisor));
    hypervisor.hcalls.bind(HCALLS.H_CEDE, cede(hypervisor));
    hypervisor.hcalls.bind(HCALLS.H_SET_MODE, setMode(ctx, hypervisor));
    hypervisor.hcalls.bind(HCALLS.H_RTAS, rtasGateway(ctx, hypervisor));
  },
});

/** Delivery in two steps and without ceremony: the check leaves the guest, the log is written, the routine is entered. */
const plainDelivery = definePlugin({
  name: 'plain-delivery',
  version: '1.0.0',
  contract: PLUGIN_CONTRACT,
  provides: ['delivery'],
  requires: ['hypervisor', 'fwnmi'],
  setup(ctx) {
    const { interlock, report, enterRoutine } = ctx.use('fwnmi');
    const deliver = ctx.use('hypervisor').steps({
      name: 'plain delivery',
      steps: {
        log(c) {
          if (!interlock.tryTake(c.agent)) return c.stay();
          report(c.agent, c.vcpu.gpr(3));
          return c.goto('enter');
        },
        enter(c) {
          enterRoutine(c.agent);
          return c.resume();
        },
      },
    });
    ctx.provide('delivery', { strike: () => deliver });
  },
});

/**
 * The smallest machine that a guest can be tested in: hypercalls without a lock, firmware, checks, and a delivery without
 * any vector. `others` may be a strategy instead of that delivery, and whatever else a test wants to see. With `poison` calls destroy
 * all that they may.
 */
export function bareMachine(
  guest: Plugin,
  options: { vcpus?: number; checks?: number; poison?: boolean } = {},
  others: readonly Plugin[] = [plainDelivery()],
): Machine {
  const { vcpus = 2, checks = 1, poison = false } = options;
  return createMachine({
    plugins: [ppc64(), bareHypervisor({ vcpus, poison }), fwnmi(), guest, injectChecks({ perVcpu: checks }), ...others],
  });
}
