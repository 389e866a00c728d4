import type { Hypervisor, StepMachine } from '@checkstop/hypervisor';
import type { PluginContext } from '@checkstop/kernel';
import { RtasStatus } from '../status.ts';
import { rtasCall } from './rtas-call.ts';

/**
 * The explicit deregistration that David Gibson thought of in the seed mail; LoPAR has none. Ends the registration and frees the
 * interlock, whoever holds it: nobody will give back what a kernel that is gone has taken. Succeeds without a registration, too.
 */
export const nmiDeregister = (
  ctx: PluginContext,
  hypervisor: Hypervisor,
  deregister: (agent: number) => void,
): StepMachine =>
  rtasCall(ctx, hypervisor, {
    name: 'nmi-deregister',
    run(c) {
      deregister(c.agent);
      return RtasStatus.SUCCESS;
    },
  });
