import { type PluginContext, u32 } from '@checkstop/kernel';
import type { FwnmiOptions } from './options.ts';

/** System resets of a vCPU that reach its OS, counted since the routines were registered (LoPAR, LPAR option, System Reset Interrupt). */
const FORWARDED = 2;

/** Why firmware ends a partition by itself. */
export interface RebootPolicy {
  /** Whether what struck this vCPU last is to be answered by a reboot. */
  due(agent: number): boolean;
}

/**
 * Stops the machine with `reboot` where LoPAR has the partition rebooted and QEMU goes on: at a check while no routine is registered,
 * and at the third system reset of a vCPU since one was. Each only where the option says so. Listens to what is about to strike, so
 * it is to be declared behind whoever remembers that.
 */
export function declareRebootPolicy(
  ctx: PluginContext,
  { unregistered, thirdReset }: Pick<FwnmiOptions, 'unregistered' | 'thirdReset'>,
  registered: () => boolean,
): RebootPolicy {
  ctx.stops('reboot');
  const reboot = ({ agent }: { readonly agent: number }) => ctx.machine.stop('reboot', agent);
  if (unregistered === 'reboot')
    ctx.bus.on('check', (struck) => {
      if (!registered()) reboot(struck);
    });
  const resets = thirdReset === 'reboot' ? ctx.state('perAgent', 'fwnmi.resets', { sinceRegistered: u32 }) : undefined;
  if (resets) {
    ctx.bus.on('registered', () => {
      for (const { index } of ctx.use('processor').vcpus) resets.clear(index);
    });
    ctx.bus.on('systemReset', (struck) => {
      if (!registered()) return;
      const counted = resets.at(struck.agent);
      counted.sinceRegistered += 1;
      if (counted.sinceRegistered > FORWARDED) reboot(struck);
    });
  }
  return {
    due: (agent) =>
      (unregistered === 'reboot' && !registered()) || (resets?.at(agent).sinceRegistered ?? 0) > FORWARDED,
  };
}
