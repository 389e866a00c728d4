import { diffSnapshots } from './arena/diff.ts';
import { CheckstopError } from './error.ts';
import type { Machine } from './machine.ts';
import type { Scheduler } from './scheduler/scheduler.ts';

/**
 * Finds state that a plugin keeps outside the arena: takes every step twice from one snapshot and compares what came of it (all state, availability of every action, choices asked).
 *
 * A closure, a class field or a generator that remembers something makes the second time differ from the first. For plugin authors' own tests.
 *
 * @returns the number of steps checked
 * @throws CheckstopError STATE_OUTSIDE_ARENA with agent, step and the fields that differ
 */
export function checkDeterminism(machine: Machine, scheduler: Scheduler, maxSteps: number): number {
  const { arena } = machine;
  for (let index = 0; index < maxSteps; index++) {
    const alternatives = machine.alternatives();
    const decision = alternatives.length > 0 ? scheduler.next(alternatives) : undefined;
    if (!decision) return index;
    const { agent, action } = alternatives[decision.index];
    const what = machine.describeAgent(agent);
    const attempt = () => {
      const answers = machine.step(agent, machine.actions.indexOf(action));
      return {
        after: arena.snapshot(),
        answers: JSON.stringify(answers),
        next: JSON.stringify(machine.alternatives()),
      };
    };
    const before = arena.snapshot();
    const first = attempt();
    arena.restore(before);
    const second = attempt();
    const differences = diffSnapshots(arena.layout, first.after, second.after);
    if (differences.length > 0 || first.answers !== second.answers || first.next !== second.next) {
      const fields =
        differences.map((d) => `${d.name} (${d.before}, then ${d.after})`).join(', ') ||
        'what may happen next, or the choices asked';
      throw new CheckstopError(
        'STATE_OUTSIDE_ARENA',
        `Step ${index}, '${action}' of ${machine.agents[agent].name} (${what}), came out differently the second time: ${fields}. Keep that state in a record declared with ctx.state().`,
        { step: index, agent, action, what, differences },
      );
    }
  }
  return maxSteps;
}
