import { agentSet, bool, enumOf, type PluginContext } from '@checkstop/kernel';
import type { Exit, Vcpu } from '@checkstop/ppc-core';
import type { Waitable } from './waitable.ts';

/**
 * Between the guest and the hypervisor, for whoever has to stop the machine as a whole. vCPUs that make a call come in through it
 * and wait where it is closed; one that a check takes out of the guest is inside at once. In shared state it is
 * remembered who is inside, so that nobody has to look at another vCPU to find out.
 *
 * A vCPU that waits here has left the guest, and nobody has asked yet what for: that is as good as one held before the
 * instruction, since all it did meanwhile concerned itself alone.
 */
export interface Gate extends Waitable {
  /** The vCPUs inside the hypervisor, a bit each. */
  readonly inside: number;
  closed: boolean;
  /** The vCPU has to wait with what it left the guest for. */
  hold(agent: number, exit: Exit): void;
  /** What the vCPU left the guest for: it waits no more. */
  let(vcpu: Vcpu): Exit;
  /** The vCPU is back in the guest, idles or stops, in this very step. */
  leave(agent: number): void;
  /** Registers who hears of each vCPU that has left. During set-up. */
  onLeft(listener: (agent: number) => void): void;
}

const EXITS = ['hcall', 'emulationAssist', 'attn'] as const satisfies readonly Exit['kind'][];

/** Declares the gate. Use `Hypervisor.gate`. */
export function declareGate(ctx: PluginContext): Gate {
  const state = ctx.state('shared', 'hypervisor.gate', { inside: agentSet, closed: bool });
  const held = ctx.state('perAgent', 'hypervisor.held', { exit: enumOf(EXITS) });
  const listeners: ((agent: number) => void)[] = [];
  return {
    name: 'the machine',
    get inside() {
      return state.at().inside;
    },
    get closed() {
      return state.at().closed;
    },
    set closed(closed) {
      state.at().closed = closed;
    },
    ready: () => !state.at().closed,
    hold(agent, { kind }) {
      held.at(agent).exit = kind;
    },
    let(vcpu) {
      const kind = held.at(vcpu.index).exit;
      held.clear(vcpu.index);
      return kind === 'emulationAssist' ? { kind, word: Number(vcpu.reg('heir')) } : { kind };
    },
    take(agent) {
      state.at().inside |= 1 << agent;
    },
    leave(agent) {
      state.at().inside &= ~(1 << agent);
      for (const listener of listeners) listener(agent);
    },
    onLeft: (listener) => void listeners.push(listener),
  };
}
