import type { Hypervisor, StepMachine } from '@checkstop/hypervisor';
import type { PluginContext } from '@checkstop/kernel';
import type { Registration } from '../capability.ts';
import { RtasStatus } from '../status.ts';
import { rtasCall } from './rtas-call.ts';

/** Both routines lie in the first 32 MiB (LoPAR R1-7.3.14-6). */
const REACH = 32 << 20;

/**
 * ibm,nmi-register: arguments are the real addresses of the system-reset and the machine-check routine. As QEMU has it
 * (hw/ppc/spapr_rtas.c): an address at or above 32 MiB, or outside the real-mode area, is a parameter error; alignment and
 * the number of cells are not looked at; registering again overwrites.
 */
export const nmiRegister = (
  ctx: PluginContext,
  hypervisor: Hypervisor,
  register: (agent: number, registration: Registration) => void,
): StepMachine =>
  rtasCall(ctx, hypervisor, {
    name: 'ibm,nmi-register',
    run(c, block) {
      const [systemReset, machineCheck] = [block.argument(0), block.argument(1)];
      const end = Math.min(REACH, ctx.ram.size);
      if (systemReset >= end || machineCheck >= end) return RtasStatus.PARAMETER_ERROR;
      register(c.agent, { systemReset, machineCheck });
      return RtasStatus.SUCCESS;
    },
  });
