import { appendMove, type Move, type Schedule } from '@checkstop/kernel';
import type { Expander } from './expander.ts';
import type { Edge } from './graph.ts';
import { type Hop, LocalWalk } from './local-walk.ts';
import type { StepMemo } from './memo.ts';

/** One transition of a graph on a path; its hop may stand for local steps and a visible one. Action -1: local steps only. */
export type Leg = Hop;

/** The transition at hand, kept. */
export function legOf({ agent, image, action, outcome }: Edge): Leg {
  return { agent, image, action, outcome };
}

/** A path spelled out, and what it costs. */
export interface Spelled {
  /** Every single step, for the machine to replay. */
  readonly schedule: Schedule;
  readonly faults: number;
  /** Visible steps. */
  readonly steps: number;
}

/** Spells out a path from `initial`, out of the memo alone: nothing is executed. Which steps are visible, `visible` knows. */
export function spell(
  expander: Expander,
  initial: Int32Array,
  legs: readonly Leg[],
  visible: Pick<StepMemo, 'isVisible'> = expander.memo,
): Spelled {
  const { memo, actions } = expander;
  const schedule: Move[] = [];
  const cost = { faults: 0, steps: 0 };
  const tuple = Int32Array.from(initial);
  const walk = new LocalWalk(expander);
  const take = ({ agent, image, action, outcome }: Hop): void => {
    if (actions[action].fault) cost.faults++;
    if (visible.isVisible(agent, action, image)) cost.steps++;
    appendMove(schedule, agent, actions[action].name, memo.answersOf(outcome));
    memo.apply(outcome, tuple, tuple);
  };
  for (const leg of legs) {
    if (tuple[leg.agent] !== leg.image) {
      walk.run(leg.agent, tuple, leg.image);
      for (const hop of walk.pathTo(leg.image)) take(hop);
    }
    if (leg.action >= 0) take(leg);
  }
  return { schedule, ...cost };
}
