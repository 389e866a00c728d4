import { agentId, CheckstopError, type PluginContext } from '@checkstop/kernel';
import { declareQueue } from './queue.ts';
import type { Waitable } from './waitable.ts';

/** Who gets a lock that several wait for: whoever is scheduled first, or whoever came first. */
export type LockOrder = 'unfair' | 'fifo';

/** A lock of the hypervisor. It is taken by the outcome `acquire` of a step, never inside one. */
export interface Lock extends Waitable {
  /** The vCPU that holds it, or -1. */
  readonly holder: number;
  readonly order: LockOrder;
  /** Takes a place in the queue, which an unfair lock has none of. Part of the step that begins to wait. */
  enqueue(agent: number): void;
  /** @throws CheckstopError LOCK_NOT_HELD when another than the holder lets go */
  release(agent: number): void;
}

/** Declares a lock and its state. Use `Hypervisor.lock`, which can wait for it and shows it. */
export function declareLock(ctx: PluginContext, name: string, order: LockOrder): Lock {
  const state = ctx.state('shared', `lock.${name}`, { holder: agentId });
  const queue = order === 'fifo' ? declareQueue(ctx, `lock.${name}.queue`) : undefined;
  return {
    name,
    order,
    get holder() {
      return state.at().holder;
    },
    ready: (agent) => state.at().holder === -1 && (queue === undefined || queue.first === agent),
    enqueue: (agent) => queue?.push(agent),
    take(agent) {
      queue?.shift();
      state.at().holder = agent;
      ctx.bus.emit('lock', { agent, lock: name, op: 'taken' });
    },
    release(agent) {
      const { holder } = state.at();
      if (holder !== agent)
        throw new CheckstopError(
          'LOCK_NOT_HELD',
          `vCPU ${agent} releases the lock '${name}', which ${holder === -1 ? 'nobody' : `vCPU ${holder}`} holds: take it with the outcome acquire() of a step first.`,
          { lock: name, agent, holder },
        );
      state.at().holder = -1;
      ctx.bus.emit('lock', { agent, lock: name, op: 'released' });
    },
  };
}
