import { agentId, type PluginContext, u32 } from '@checkstop/kernel';

/** A queue of vCPUs as plain data: order is position, so that renaming vCPUs renames it, and no ticket numbers grow. */
export interface AgentQueue {
  /** The longest waiting, or -1. */
  readonly first: number;
  push(agent: number): void;
  shift(): void;
}

/** Declares a queue with room for every vCPU once. */
export function declareQueue(ctx: PluginContext, name: string): AgentQueue {
  const state = ctx.state('shared', name, { length: u32, places: agentId.array(ctx.agentCount) });
  return {
    get first() {
      return state.at().places.get(0);
    },
    push(agent) {
      const { length, places } = state.at();
      places.set(length, agent);
      state.at().length = length + 1;
    },
    shift() {
      const { length, places } = state.at();
      for (let i = 1; i < length; i++) places.set(i - 1, places.get(i));
      places.set(length - 1, -1);
      state.at().length = length - 1;
    },
  };
}
