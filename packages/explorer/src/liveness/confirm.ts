import {
  CheckstopError,
  diffSnapshots,
  type Machine,
  type ResponseProperty,
  replay,
  type Schedule,
  type Snapshot,
  scheduleLength,
} from '@checkstop/kernel';
import type { Lasso } from './lasso.ts';

/** What executing a lasso showed. */
export interface Confirmed {
  /** Agents that stepped in the loop, a mask. */
  readonly moved: number;
  /** Agents that were able to step in every state of the loop, and in some, masks. */
  readonly always: number;
  readonly sometimes: number;
  /** What is amiss, in words, or undefined. */
  readonly amiss: string | undefined;
}

/**
 * Executes a lasso, every step, from `start`, and looks for itself whether it is one: the thing is pending all along the
 * loop, it ends in the state where it began, and it treats every agent fairly. The machine is
 * left where the loop ends.
 *
 * @throws CheckstopError REPLAY_DIVERGED when a step is not possible
 */
export function tryLasso(
  machine: Machine,
  start: Snapshot,
  property: ResponseProperty,
  { agent, fairness, stem, loop }: Pick<Lasso, 'agent' | 'fairness' | 'stem' | 'loop'>,
): Confirmed {
  const { arena, agents, actions } = machine;
  const harmless = actions.flatMap((_, action) => (machine.cost(action) === 'fault' ? [] : [action]));
  arena.restore(start);
  run(machine, stem, () => {});
  const entry = arena.snapshot();
  let moved = 0;
  let always = -1;
  let sometimes = 0;
  let pending = true;
  const look = (): void => {
    const able = agents.reduce(
      (mask, _, a) => (harmless.some((h) => machine.available(a, h)) ? mask | (1 << a) : mask),
      0,
    );
    always &= able;
    sometimes |= able;
    pending &&= property.pending(agent);
  };
  look();
  run(machine, loop, (mover) => {
    look();
    moved |= 1 << mover;
  });
  const passedOver = { none: 0, weak: always & ~moved, strong: sometimes & ~moved }[fairness];
  const amiss = [
    ...(pending ? [] : ['what is pending is not pending all along the loop']),
    ...(machine.stopped ? ['the machine stopped'] : []),
    ...(loop.length > 0 || sometimes === 0 ? [] : ['the run could go on']),
    ...(diffSnapshots(arena.layout, entry, arena.snapshot()).length === 0 ? [] : ['the loop does not lead back']),
    ...(passedOver === 0 ? [] : ['an agent is treated unfairly']),
  ];
  return { moved, always, sometimes, amiss: amiss.length === 0 ? undefined : amiss.join(', ') };
}

/**
 * The lasso in words, after executing it.
 *
 * @throws CheckstopError EXPLORE_NOT_REPRODUCED when it is none
 */
export function confirmLasso(
  machine: Machine,
  start: Snapshot,
  property: ResponseProperty,
  lasso: Pick<Lasso, 'agent' | 'fairness' | 'stem' | 'loop'>,
): string {
  const { moved, sometimes, always, amiss } = tryLasso(machine, start, property, lasso);
  const what = `what is pending for ${machine.agents[lasso.agent].name} stays pending for ever`;
  if (amiss !== undefined)
    throw new CheckstopError(
      'EXPLORE_NOT_REPRODUCED',
      `The search found that '${property.name}' is violated (${what}), but executing that run does not show it: ${amiss}. Some plugin keeps state outside the arena (checkDeterminism finds it), or the machine was used while it was explored.`,
      { property: property.name, agent: lasso.agent, fairness: lasso.fairness },
    );
  const named = (mask: number): string =>
    machine.agents.flatMap(({ name }, agent) => ((mask >> agent) & 1 ? [name] : [])).join(', ');
  if (lasso.loop.length === 0) return `${what}: no agent is able to step any more`;
  const length = scheduleLength(lasso.loop);
  const others: [mask: number, what: string][] = [
    [always & ~moved, 'could step all the time, and is never let'],
    [sometimes & ~always & ~moved, 'could step in some of these states only, and is never let'],
    [~sometimes & ~moved, 'can step in none of these states'],
  ];
  return [
    `${what}: ${length === 1 ? 'a step' : `${length} steps`} of ${named(moved)} lead${length === 1 ? 's' : ''} back to where the loop began`,
    ...others.flatMap(([mask, how]) => (named(mask) === '' ? [] : [`${named(mask)} ${how}`])),
  ].join('; ');
}

/** Replays a schedule; `before` sees who is about to step, in the state before. */
function run(machine: Machine, schedule: Schedule, before: (agent: number) => void): void {
  if (schedule.length > 0) replay(machine, schedule, ({ agent }) => before(agent));
}
