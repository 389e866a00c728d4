import { type PluginContext, u32 } from '@checkstop/kernel';
import { H_PARAMETER, H_SUCCESS } from '../hcall-codes.ts';
import type { Hypervisor } from '../hypervisor.ts';
import type { StepMachine } from '../steps.ts';

/** Of the targets that are no vCPU's number the one that spares the caller; -1 is all. */
const ALL_BUT_SELF = -2n;

/**
 * H_SIGNAL_SYS_RESET: signals a system reset to the vCPU whose number is in r4, to all (-1), or to all but the caller (-2). One
 * target a step, as QEMU goes from one to the next (hw/ppc/spapr_hcall.c, h_signal_sys_reset), so that the first may run
 * already. Stopped vCPUs hear nothing; the caller takes its own behind the `sc`, with H_SUCCESS in what r3 then is.
 */
export const signalSysReset = (ctx: PluginContext, hypervisor: Hypervisor): StepMachine =>
  hypervisor.steps({
    name: 'H_SIGNAL_SYS_RESET',
    locals: { next: u32 },
    steps: {
      check(c) {
        const target = BigInt.asIntN(64, c.vcpu.gpr(4));
        if (target < ALL_BUT_SELF || target >= ctx.agentCount) return c.done(H_PARAMETER);
        if (target < 0) return c.goto('broadcast');
        hypervisor.resets.latch(Number(target));
        return c.done(H_SUCCESS);
      },
      broadcast(c) {
        const { next } = c.locals;
        const spared = next === c.agent && BigInt.asIntN(64, c.vcpu.gpr(4)) === ALL_BUT_SELF;
        if (!spared) hypervisor.resets.latch(next);
        c.locals.next = next + 1;
        return next + 1 < ctx.agentCount ? c.stay() : c.done(H_SUCCESS);
      },
    },
  });
