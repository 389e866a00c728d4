import type { Hypervisor, StepMachine } from '@checkstop/hypervisor';
import type { PluginContext } from '@checkstop/kernel';
import type { OwnedInterlock } from '../interlock.ts';
import { RtasStatus } from '../status.ts';
import { rtasCall } from './rtas-call.ts';

/** What the call works on. */
interface InterlockSide {
  registered(): boolean;
  readonly interlock: OwnedInterlock;
  readonly byNonHolder: 'accept' | 'refuse';
}

/**
 * ibm,nmi-interlock: the vCPU has read the buffer. Without a registration it is a parameter error. From a vCPU that does
 * not hold the interlock it succeeds and does nothing (`accept`), since Linux once called it after system resets too, or it
 * is a hardware error, the one failure LoPAR defines (`refuse`).
 */
export const nmiInterlock = (
  ctx: PluginContext,
  hypervisor: Hypervisor,
  { registered, interlock, byNonHolder }: InterlockSide,
): StepMachine =>
  rtasCall(ctx, hypervisor, {
    name: 'ibm,nmi-interlock',
    run(c) {
      if (!registered()) return RtasStatus.PARAMETER_ERROR;
      if (interlock.holder !== c.agent)
        return byNonHolder === 'accept' ? RtasStatus.SUCCESS : RtasStatus.HARDWARE_ERROR;
      interlock.release(c.agent);
      return RtasStatus.SUCCESS;
    },
  });
