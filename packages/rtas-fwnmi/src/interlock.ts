import type { Condition } from '@checkstop/hypervisor';
import { agentId, type PluginContext } from '@checkstop/kernel';
import type { Interlock } from './capability.ts';

/** The interlock and the way to give it back. */
export interface OwnedInterlock extends Interlock {
  release(agent: number): void;
}

/** What an interlock is made of. */
interface InterlockParts {
  readonly released: Condition;
  /** Whom its release wakes. */
  readonly wake: 'signal' | 'broadcast';
  onRelease(): void;
  /** The holder is another one now. */
  onChange(): void;
  /** The vCPU that holds it was struck again and asks for it. */
  onHolderCheck(agent: number): void;
}

/** Declares the interlock. */
export function declareInterlock(
  ctx: PluginContext,
  { released, wake, onRelease, onChange, onHolderCheck }: InterlockParts,
): OwnedInterlock {
  const state = ctx.state('shared', 'fwnmi.interlock', { holder: agentId });
  return {
    released,
    get holder() {
      return state.at().holder;
    },
    tryTake(agent) {
      const { holder } = state.at();
      if (holder === agent) onHolderCheck(agent);
      if (holder !== -1) return false;
      state.at().holder = agent;
      onChange();
      return true;
    },
    release(agent) {
      onRelease();
      state.at().holder = -1;
      onChange();
      ctx.bus.emit('interlockReleased', { agent });
      released[wake]();
    },
  };
}
