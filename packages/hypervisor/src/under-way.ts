import type { PluginContext } from '@checkstop/kernel';
import { u32 } from '@checkstop/kernel';
import { VECTOR } from '@checkstop/ppc-core';

/** Knows on which vCPUs a check is under way: it struck, and the code that it interrupted does not go on yet. */
export interface UnderWay {
  isUnderWay(agent: number): boolean;
}

/**
 * Follows that by what the processor does, as the bus tells it: other interrupts may come on top of the check, each returned from
 * before it. It makes no difference who takes the check, or whether anybody does. During set-up only: it is state.
 */
export function declareUnderWay(ctx: PluginContext): UnderWay {
  /** The check, and the interrupts on top of it. */
  const state = ctx.state('perAgent', 'hypervisor.underWay', { depth: u32 });
  const over = ({ agent }: { readonly agent: number }) => {
    state.at(agent).depth = 0;
  };
  ctx.bus.on('check', ({ agent }) => {
    state.at(agent).depth = 1;
  });
  ctx.bus.on('interrupt', ({ agent, vector }) => {
    if (state.at(agent).depth > 0 && vector !== VECTOR.machineCheck) state.at(agent).depth += 1;
  });
  ctx.bus.on('interruptReturn', ({ agent }) => {
    if (state.at(agent).depth > 0) state.at(agent).depth -= 1;
  });
  ctx.bus.on('started', over);
  ctx.bus.on('kernelReplaced', over);
  return { isUnderWay: (agent) => state.at(agent).depth > 0 };
}
