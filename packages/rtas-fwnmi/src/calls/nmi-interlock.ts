import type { Hypervisor, StepMachine } from '@checkstop/hypervisor';
import type { PluginContext } from '@checkstop/kernel';
import type { OwnedInterlock } from '../interlock.ts';
import { RtasStatus } from '../status.ts';
import { rtasCall } from './rtas-call.ts';

/** What the call works on. */
interface InterlockSide {
  registered(): boolean;
  readonly interlock: OwnedInterlock;
  readonly byNonHolder: 'accept' | 'refuse' | 'release';
}

/**
 * ibm,nmi-interlock: the vCPU has read the buffer. Without a registration it is a parameter error. From a vCPU that does
 * not hold the interlock it succeeds and does nothing (`accept`), since Linux once called it after system resets too; or it
 * is a hardware error, the one failure LoPAR defines (`refuse`); or it frees another's log (`release`: one flag for all, PowerKVM).
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
      const releases = byNonHolder === 'release' ? interlock.holder !== -1 : interlock.holder === c.agent;
      if (releases) interlock.release(c.agent);
      return releases || byNonHolder !== 'refuse' ? RtasStatus.SUCCESS : RtasStatus.HARDWARE_ERROR;
    },
  });
