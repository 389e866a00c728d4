import type { Alternative, Machine, Schedule, Scheduler } from '@checkstop/kernel';

/**
 * A scheduler that follows a schedule as far as it can, leaves out what is not possible, and then lets one agent after the
 * other go on for as long as it gets anywhere. So whatever is taken out of a schedule, the rest still is a run.
 */
export function following(machine: Machine, schedule: Schedule): Scheduler {
  let position = 0;
  let done = 0;
  let answers: number[] = [];
  let last = 0;
  /** States met by the agent that goes on: once one comes again, it goes in circles. */
  const met = new Set<string>();
  /** Agents that do; they go on again when no other can. */
  const circling = new Set<number>();

  const follow = (alternatives: readonly Alternative[]): number | undefined => {
    for (; position < schedule.length; position++, done = 0) {
      const move = schedule[position];
      const index = alternatives.findIndex(({ agent, action }) => agent === move.agent && action === move.action);
      if (done >= move.count || index < 0) continue;
      if (done++ === 0) answers = [...move.answers];
      return index;
    }
    return undefined;
  };

  const goOn = (alternatives: readonly Alternative[]): number | undefined => {
    answers = [];
    const steps = alternatives.flatMap(({ agent, action }, index) => (action === 'step' ? [{ agent, index }] : []));
    const hash = machine.arena.hash();
    if (met.has(hash)) circling.add(last);
    met.add(hash);
    if (steps.every(({ agent }) => circling.has(agent))) circling.clear();
    const open = steps.filter(({ agent }) => !circling.has(agent));
    const next = open.find(({ agent }) => agent === last) ?? open.find(({ agent }) => agent > last) ?? open[0];
    if (next?.agent !== last) met.clear();
    return next?.index;
  };

  return {
    next(alternatives) {
      const index = follow(alternatives) ?? goOn(alternatives);
      if (index === undefined) return undefined;
      last = alternatives[index].agent;
      return { index, budget: 1 };
    },
    choose: () => answers.shift() ?? 0,
  };
}
