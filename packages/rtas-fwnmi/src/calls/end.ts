import type { Hypervisor, StepMachine } from '@checkstop/hypervisor';
import type { PluginContext } from '@checkstop/kernel';
import { RtasStatus } from '../status.ts';
import { rtasCall } from './rtas-call.ts';

/** ibm,os-term: the OS has panicked. The machine stops; its argument, the address of a message, is not looked at. */
export const osTerm = (ctx: PluginContext, hypervisor: Hypervisor): StepMachine =>
  rtasCall(ctx, hypervisor, {
    name: 'ibm,os-term',
    run(c) {
      ctx.machine.stop('os-term', c.agent);
      return RtasStatus.SUCCESS;
    },
  });

/** power-off: two arguments, the power-on mask, which nothing here could honour. */
export const powerOff = (ctx: PluginContext, hypervisor: Hypervisor): StepMachine =>
  rtasCall(ctx, hypervisor, {
    name: 'power-off',
    cells: [2, 1],
    run(c) {
      ctx.machine.stop('power-off', c.agent);
      return RtasStatus.SUCCESS;
    },
  });
