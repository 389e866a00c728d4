import type { PluginContext } from '@checkstop/kernel';
import { H_P2, H_P3, H_P4, H_SUCCESS, H_UNSUPPORTED_FLAG } from '../hcall-codes.ts';
import type { Hypervisor } from '../hypervisor.ts';
import type { StepMachine } from '../steps.ts';

/** Resource 2 of H_SET_MODE: the byte order interrupts are taken in. */
const INTERRUPT_ENDIAN = 2n;

/**
 * H_SET_MODE: r4 flags, r5 resource, r6 and r7 values (LoPAR, "H_SET_MODE"). Of the resources there is LPCR[ILE] here,
 * which is set on all vCPUs: flags 0 big-endian, 1 little-endian.
 */
export const setMode = (ctx: PluginContext, hypervisor: Hypervisor): StepMachine =>
  hypervisor.steps({
    name: 'H_SET_MODE',
    steps: {
      set(c) {
        const flags = c.vcpu.gpr(4);
        if (c.vcpu.gpr(5) !== INTERRUPT_ENDIAN) return c.done(H_P2);
        if (c.vcpu.gpr(6) !== 0n) return c.done(H_P3);
        if (c.vcpu.gpr(7) !== 0n) return c.done(H_P4);
        if (flags > 1n) return c.done(H_UNSUPPORTED_FLAG);
        for (const vcpu of ctx.use('processor').vcpus) vcpu.setReg('ile', flags);
        return c.done(H_SUCCESS);
      },
    },
  });
