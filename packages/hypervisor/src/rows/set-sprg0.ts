import { H_SUCCESS } from '../hcall-codes.ts';
import type { Hypervisor } from '../hypervisor.ts';
import type { StepMachine } from '../steps.ts';

/** H_SET_SPRG0: SPRG0 := r4 (LoPAR, hypervisor call table: SPRG0 is a hypervisor resource). */
export const setSprg0 = (hypervisor: Hypervisor): StepMachine =>
  hypervisor.steps({
    name: 'H_SET_SPRG0',
    steps: {
      set(c) {
        c.vcpu.setReg('sprg0', c.vcpu.gpr(4));
        return c.done(H_SUCCESS);
      },
    },
  });
