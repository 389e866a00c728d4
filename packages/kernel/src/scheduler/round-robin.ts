import type { Scheduler } from './scheduler.ts';

/** Steps the agents in turn, `quantum` steps each; never takes a fault. */
export function roundRobin(quantum = 1): Scheduler {
  let last = -1;
  return {
    next(alternatives) {
      const steps = alternatives.flatMap(({ agent, action }, index) => (action === 'step' ? [{ agent, index }] : []));
      const turn = steps.find(({ agent }) => agent > last) ?? steps[0];
      if (!turn) return undefined;
      last = turn.agent;
      return { index: turn.index, budget: quantum };
    },
  };
}
