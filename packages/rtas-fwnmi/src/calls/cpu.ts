import type { Hypervisor, StepMachine } from '@checkstop/hypervisor';
import type { PluginContext } from '@checkstop/kernel';
import { RtasStatus } from '../status.ts';
import { rtasCall } from './rtas-call.ts';

/** Values of query-cpu-stopped-state's second result (LoPAR); 1, "stopping", is never seen here. */
const STOPPED = 0;
const NOT_STOPPED = 2;

const exists = (ctx: PluginContext, cpu: number) => cpu < ctx.agentCount;

/** start-cpu: number, real start address, r3. It starts big-endian, as its guest expects, and takes interrupts as its caller does. */
export const startCpu = (ctx: PluginContext, hypervisor: Hypervisor): StepMachine =>
  rtasCall(ctx, hypervisor, {
    name: 'start-cpu',
    cells: [3, 1],
    run(c, block) {
      const cpu = block.argument(0);
      if (!exists(ctx, cpu)) return RtasStatus.PARAMETER_ERROR;
      if (hypervisor.mode(cpu) !== 'stopped') return RtasStatus.HARDWARE_ERROR;
      const [nip, r3, ile] = [block.argument(1), BigInt(block.argument(2)), c.vcpu.reg('ile') === 1n];
      hypervisor.start(cpu, { nip, r3, ile });
      return RtasStatus.SUCCESS;
    },
  });

/** stop-self: does not return. */
export const stopSelf = (ctx: PluginContext, hypervisor: Hypervisor): StepMachine =>
  rtasCall(ctx, hypervisor, {
    name: 'stop-self',
    run(c) {
      ctx.bus.emit('stoppedSelf', { agent: c.agent });
      return c.stopSelf();
    },
  });

/** query-cpu-stopped-state: of a vCPU by number; a ceded one is not stopped. */
export const queryCpuStoppedState = (ctx: PluginContext, hypervisor: Hypervisor): StepMachine =>
  rtasCall(ctx, hypervisor, {
    name: 'query-cpu-stopped-state',
    cells: [1, 2],
    run(_c, block) {
      const cpu = block.argument(0);
      if (!exists(ctx, cpu)) return RtasStatus.PARAMETER_ERROR;
      block.setResult(1, hypervisor.mode(cpu) === 'stopped' ? STOPPED : NOT_STOPPED);
      return RtasStatus.SUCCESS;
    },
  });
