import type { Condition } from '@checkstop/hypervisor';
import { agentId, type PluginContext } from '@checkstop/kernel';
import type { Interlock } from './capability.ts';

/** The interlock and the way to give it back. */
export interface OwnedInterlock extends Interlock {
  release(agent: number): void;
}

/** Declares the interlock. @param wake whom its release wakes */
export function declareInterlock(
  ctx: PluginContext,
  released: Condition,
  wake: 'signal' | 'broadcast',
  onRelease: () => void,
): OwnedInterlock {
  const state = ctx.state('shared', 'fwnmi.interlock', { holder: agentId });
  return {
    released,
    get holder() {
      return state.at().holder;
    },
    tryTake(agent) {
      const { holder } = state.at();
      // LoPAR R1-7.3.14-19: a check on the same vCPU before its interlock call is fatal.
      if (holder === agent) ctx.machine.stop('checkstop', agent);
      if (holder !== -1) return false;
      state.at().holder = agent;
      return true;
    },
    release(agent) {
      state.at().holder = -1;
      onRelease();
      ctx.bus.emit('interlockReleased', { agent });
      released[wake]();
    },
  };
}
