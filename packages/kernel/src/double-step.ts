import type { Alternative } from './agent.ts';
import type { Footprint } from './arena/arena.ts';
import { diffSnapshots } from './arena/diff.ts';
import type { Layout } from './arena/layout.ts';
import type { Snapshot } from './arena/snapshot.ts';
import { CheckstopError } from './error.ts';
import type { Machine } from './machine.ts';
import type { Answer, Answers } from './run.ts';
import type { Scheduler } from './scheduler/scheduler.ts';

/**
 * Finds state that a plugin keeps outside the arena: takes every step twice from one snapshot and compares what came of it (all state, the footprint, the choices asked, what may happen next).
 *
 * A closure, a class field or a generator that remembers something makes the second time differ from the first. For plugin authors' own tests.
 *
 * @returns the number of steps checked, less than `maxSteps` if nothing was left to do
 * @throws CheckstopError STATE_OUTSIDE_ARENA with agent, step and the fields that differ
 */
export function checkDeterminism(machine: Machine, scheduler: Scheduler, maxSteps: number): number {
  const { arena } = machine;
  for (let step = 0; step < maxSteps; step++) {
    const alternatives = machine.alternatives();
    const decision = alternatives.length > 0 ? scheduler.next(alternatives) : undefined;
    if (!decision) return step;
    const { agent, action } = alternatives[decision.index];
    const what = machine.describeAgent(agent);
    const before = arena.snapshot();
    const first = attempt(machine, agent, action, (name, count) => scheduler.choose?.(name, count) ?? 0);
    arena.restore(before);
    const answers = first.asked.map(({ answer }) => answer);
    const differences = compare(arena.layout, first, attempt(machine, agent, action, answers));
    if (differences.length > 0)
      throw new CheckstopError(
        'STATE_OUTSIDE_ARENA',
        `Step ${step}, '${action}' of ${machine.agents[agent].name} (${what}), came out differently the second time: ${differences.join(', ')}. Keep what it depends on in a record declared with ctx.state().`,
        { step, agent, action, what, differences },
      );
  }
  return maxSteps;
}

/** What came of a step. */
interface Outcome {
  readonly after: Snapshot;
  readonly asked: readonly Answer[];
  readonly footprint: Pick<Footprint, 'read' | 'write'>;
  readonly next: readonly Alternative[];
}

function attempt(machine: Machine, agent: number, action: string, answers: Answers): Outcome {
  const { arena } = machine;
  arena.track(agent);
  const asked = machine.step(agent, machine.actions.indexOf(action), answers);
  const { read, write } = arena.footprint();
  return { after: arena.snapshot(), asked, footprint: { read, write }, next: machine.alternatives() };
}

function compare(layout: Layout, first: Outcome, second: Outcome): string[] {
  const differences = diffSnapshots(layout, first.after, second.after).map(
    ({ name, before, after }) => `${name} (${before}, then ${after})`,
  );
  const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
  if (!same(first.asked, second.asked)) differences.push('the choices it asked');
  if (!same(first.footprint, second.footprint)) differences.push('whose state it touched');
  if (!same(first.next, second.next)) differences.push('what may happen next');
  return differences;
}
