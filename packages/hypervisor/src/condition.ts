import { agentSet, type PluginContext } from '@checkstop/kernel';
import type { Lock } from './lock.ts';
import type { Waitable } from './waitable.ts';

/**
 * A condition variable. A vCPU waits on it by the outcome `wait` of a step, which drops the exit lock in the same step;
 * once woken it takes that lock again before it goes on.
 */
export interface Condition extends Waitable {
  /** The vCPUs that nobody has woken yet, a bit each. */
  readonly waiters: number;
  /** Begins to wait: what the outcome `wait` does. */
  add(agent: number): void;
  /** Wakes one waiter, if there is one. Which one is open, as with any condition variable: it is put to the scheduler. */
  signal(): void;
  /** Wakes this waiter; nothing happens when it does not wait. */
  wake(agent: number): void;
  /** Wakes all. */
  broadcast(): void;
  /** Those that wait go on waiting, and nobody knows of them any more. */
  forgetWaiters(): void;
}

/** Declares a condition, state included. Use `Hypervisor.condition`. */
export function declareCondition(ctx: PluginContext, name: string, exitLock: () => Lock | undefined): Condition {
  const state = ctx.state('shared', `condition.${name}`, { waiters: agentSet, forgotten: agentSet });
  const isWaiting = (agent: number) => (state.at().waiters & (1 << agent)) !== 0;
  const isForgotten = (agent: number) => (state.at().forgotten & (1 << agent)) !== 0;
  /** Whoever was woken asks for a lock that keeps an order; another it takes where it is free. */
  const canGoOn = (agent: number) => exitLock()?.order === 'fifo' || (exitLock()?.ready(agent) ?? true);
  const wakeUp = (agent: number) => {
    state.at().waiters &= ~(1 << agent);
    ctx.bus.emit('wake', { agent, condition: name });
  };
  const waiting = () => [...Array(ctx.agentCount).keys()].filter(isWaiting);
  return {
    name,
    get waiters() {
      return state.at().waiters;
    },
    ready: (agent) => !isWaiting(agent) && !isForgotten(agent) && canGoOn(agent),
    take: (agent) => exitLock()?.take(agent),
    add(agent) {
      state.at().waiters |= 1 << agent;
      ctx.bus.emit('wait', { agent, condition: name });
    },
    signal() {
      const list = waiting();
      const chosen = list[list.length > 1 ? ctx.machine.choose(`wake:${name}`, list.length) : 0];
      if (chosen !== undefined) wakeUp(chosen);
    },
    wake(agent) {
      if (isWaiting(agent)) wakeUp(agent);
    },
    broadcast() {
      for (const agent of waiting()) wakeUp(agent);
    },
    forgetWaiters() {
      state.at().forgotten |= state.at().waiters;
      state.at().waiters = 0;
    },
  };
}
