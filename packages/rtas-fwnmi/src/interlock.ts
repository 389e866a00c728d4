import { type Condition, declareQueue } from '@checkstop/hypervisor';
import { agentId, bool, type PluginContext } from '@checkstop/kernel';
import type { Interlock } from './capability.ts';

/** The interlock and the way to give it back. */
export interface OwnedInterlock extends Interlock {
  /** Whose the log buffer is meanwhile: the holder's, as long as a reset of the machine has not stopped it; or -1. */
  readonly reader: number;
  /** Makes it what it is at power-on, in a step of this vCPU, without a word to whoever waits. */
  clear(agent: number): void;
  /** Frees it, whoever holds it, and wakes all that wait: there is no registration any more. */
  reset(): void;
  /** The same on behalf of a vCPU that registers, if anybody holds it: whoever does has lost it. */
  abandon(agent: number): void;
}

/** What an interlock is made of. */
interface InterlockParts {
  readonly released: Condition;
  /** Whom its release wakes. */
  readonly wake: 'signal' | 'broadcast';
  /** Who may take it when it is free: whoever asks, or whoever has asked longest and has not got it. */
  readonly handOff: 'barging' | 'fifo';
  onRelease(): void;
  /** The holder is another one now. */
  onChange(): void;
  /** The vCPU that holds it was struck again and asks for it. */
  onHolderCheck(agent: number): void;
}

/**
 * Declares the interlock. First come, first served holds for every way of waiting, the guest's retrying too: a vCPU's place in
 * the queue is that of its first asking in vain, and nobody overtakes.
 */
export function declareInterlock(
  ctx: PluginContext,
  { released, wake, handOff, onRelease, onChange, onHolderCheck }: InterlockParts,
): OwnedInterlock {
  const state = ctx.state('shared', 'fwnmi.interlock', { holder: agentId, deserted: bool });
  const queue = handOff === 'fifo' ? declareQueue(ctx, 'fwnmi.interlock.queue') : undefined;
  const isTurnOf = (agent: number) => !queue || queue.first === -1 || queue.first === agent;
  const wakeNext = () => {
    if (!queue || wake === 'broadcast') released[wake]();
    else if (queue.first !== -1) released.wake(queue.first);
  };
  if (queue) {
    /** A vCPU that stops or starts afresh will not ask again: the turn passes. */
    const leave = ({ agent }: { readonly agent: number }) => {
      const wasNext = queue.first === agent;
      queue.remove(agent);
      if (wasNext && state.at().holder === -1) wakeNext();
    };
    ctx.bus.on('started', leave);
    ctx.bus.on('stoppedSelf', leave);
  }
  const handBack = () => {
    state.clear();
    onChange();
  };
  ctx.bus.on('vcpuReset', ({ agent }) => {
    if (state.at().holder !== agent) return;
    onRelease(); // nobody will read it
    state.at().deserted = true;
    onChange();
  });
  const free = () => {
    onRelease();
    handBack();
  };
  const forgetTurns = () => {
    for (let first = queue?.first ?? -1; first !== -1; first = queue?.first ?? -1) queue?.remove(first);
  };
  const reset = () => {
    free();
    forgetTurns();
    released.broadcast();
  };
  return {
    released,
    get holder() {
      return state.at().holder;
    },
    get reader() {
      const { holder, deserted } = state.at();
      return deserted ? -1 : holder;
    },
    tryTake(agent) {
      const { holder } = state.at();
      if (holder === agent) {
        onHolderCheck(agent);
        return false;
      }
      if (holder !== -1 || !isTurnOf(agent)) {
        if (queue && !queue.has(agent)) queue.push(agent);
        return false;
      }
      queue?.remove(agent);
      state.at().holder = agent;
      onChange();
      return true;
    },
    release(agent) {
      const { holder } = state.at();
      free();
      ctx.bus.emit('interlockReleased', { agent, holder });
      wakeNext();
    },
    reset,
    clear(agent) {
      const { holder, deserted } = state.at();
      handBack();
      forgetTurns();
      if (holder !== -1 && !deserted) ctx.bus.emit('interlockLost', { agent, holder });
    },
    abandon(agent) {
      const { holder } = state.at();
      if (holder === -1) return;
      reset();
      ctx.bus.emit('interlockReleased', { agent, holder });
    },
  };
}
