import { agentId, type PluginContext, u32 } from '@checkstop/kernel';

/** A queue of vCPUs as plain data: order is position, so that renaming vCPUs renames it, and no ticket numbers grow. */
export interface AgentQueue {
  /** The longest waiting, or -1. */
  readonly first: number;
  /** Whether a vCPU stands in it. */
  has(agent: number): boolean;
  /** Puts a vCPU last, which must not stand in it already. */
  push(agent: number): void;
  /** Takes the first out; there must be one. */
  shift(): void;
  /** Takes a vCPU out, wherever it stands; nothing happens when it is not there. */
  remove(agent: number): void;
}

/** Declares a queue with room for every vCPU once. During set-up only: it is state. */
export function declareQueue(ctx: PluginContext, name: string): AgentQueue {
  const state = ctx.state('shared', name, { length: u32, places: agentId.array(ctx.agentCount) });
  const indexOf = (agent: number) => {
    const { length, places } = state.at();
    for (let i = 0; i < length; i++) if (places.get(i) === agent) return i;
    return -1;
  };
  const removeAt = (index: number) => {
    const { length, places } = state.at();
    for (let i = index + 1; i < length; i++) places.set(i - 1, places.get(i));
    places.set(length - 1, -1);
    state.at().length = length - 1;
  };
  return {
    get first() {
      return state.at().places.get(0);
    },
    has: (agent) => indexOf(agent) >= 0,
    push(agent) {
      const { length, places } = state.at();
      places.set(length, agent);
      state.at().length = length + 1;
    },
    shift: () => removeAt(0),
    remove(agent) {
      const index = indexOf(agent);
      if (index >= 0) removeAt(index);
    },
  };
}
