import type { Hypervisor, StepMachine } from '@checkstop/hypervisor';
import type { PluginContext } from '@checkstop/kernel';
import type { Registration } from '../capability.ts';
import type { FwnmiOptions } from '../options.ts';
import { RtasStatus } from '../status.ts';
import { rtasCall } from './rtas-call.ts';

/**
 * ibm,nmi-register: arguments are the real addresses of the system-reset and the machine-check routine. As QEMU has it
 * (hw/ppc/spapr_rtas.c): an address at or above `registerBelow`, or outside the real-mode area, is a parameter error; alignment and
 * the number of cells are not looked at; registering again overwrites. An address that is ignored is not looked at either.
 * ibm,nmi-register-2 differs in what registering means, not in what it takes.
 */
export const nmiRegister = (
  ctx: PluginContext,
  hypervisor: Hypervisor,
  { registerBelow, resetRoutine }: Pick<FwnmiOptions, 'registerBelow' | 'resetRoutine'>,
  register: (agent: number, registration: Registration) => void,
  name: 'ibm,nmi-register' | 'ibm,nmi-register-2' = 'ibm,nmi-register',
): StepMachine =>
  rtasCall(ctx, hypervisor, {
    name,
    run(c, block) {
      const [systemReset, machineCheck] = [block.argument(0), block.argument(1)];
      const end = Math.min(registerBelow, ctx.ram.size);
      const used = resetRoutine === 'registered' ? [systemReset, machineCheck] : [machineCheck];
      if (used.some((address) => address >= end)) return RtasStatus.PARAMETER_ERROR;
      register(c.agent, { systemReset, machineCheck });
      return RtasStatus.SUCCESS;
    },
  });
