import type { PluginContext } from '@checkstop/kernel';
import { H_PARAMETER } from '../hcall-codes.ts';
import type { Hypervisor } from '../hypervisor.ts';
import { rtasBlock } from '../rtas-block.ts';
import type { StepMachine } from '../steps.ts';

/** RTAS status of a call that is not there, or whose parameters cannot be. */
const RTAS_PARAMETER_ERROR = -3;

/**
 * The hypercall behind an RTAS entry point that is a stub in guest memory: r4 is the real address of the argument block.
 * Finds the call by its token and goes on as its machine, which answers in the block and leaves H_SUCCESS in r3. A token
 * that nobody owns gets status -3 and H_PARAMETER, as in QEMU (hw/ppc/spapr_rtas.c, spapr_rtas_call).
 */
export const rtasGateway = (ctx: PluginContext, hypervisor: Hypervisor): StepMachine =>
  hypervisor.steps({
    name: 'RTAS',
    clobbers: 'rtas',
    steps: {
      dispatch(c) {
        const block = rtasBlock(ctx.ram, c.vcpu.gpr(4));
        if (!block) return c.done(H_PARAMETER);
        const call = ctx.tryUse('rtas')?.machineFor(block.token);
        if (call) return c.become(call);
        block.setResult(0, RTAS_PARAMETER_ERROR);
        return c.done(H_PARAMETER);
      },
    },
  });
