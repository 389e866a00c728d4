import { MSR } from '@checkstop/ppc-core';
import { H_SUCCESS } from '../hcall-codes.ts';
import type { Hypervisor } from '../hypervisor.ts';
import type { StepMachine } from '../steps.ts';

/** H_CEDE: idle until something wakes the vCPU. Enables external interrupts (LoPAR, "H_CEDE"). */
export const cede = (hypervisor: Hypervisor): StepMachine =>
  hypervisor.steps({
    name: 'H_CEDE',
    steps: {
      cede(c) {
        c.vcpu.setReg('msr', c.vcpu.reg('msr') | MSR.EE);
        return c.cede(H_SUCCESS);
      },
    },
  });
