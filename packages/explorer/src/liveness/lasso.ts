import type { Schedule } from '@checkstop/kernel';
import { type Leg, legOf, spell } from '../path.ts';
import type { Fairness } from './fairness.ts';
import type { LocalWays } from './local-ways.ts';
import type { Explored, PendingGraph } from './pending-graph.ts';
import type { Round } from './walk.ts';

/** A run without an end in which what is pending stays pending: the way to a loop, and the loop. */
export interface Lasso {
  /** Name of the response property. */
  readonly property: string;
  /** The agent for which something stays pending. */
  readonly agent: number;
  /** What the run respects; see {@link Fairness}. */
  readonly fairness: Fairness;
  /** The violation in words. */
  readonly text: string;
  /** Every single step from the initial state to the loop. */
  readonly stem: Schedule;
  /** Every single step of one round, back to the state where it began. Empty: no agent is able to step there any more. */
  readonly loop: Schedule;
  /** One line that reproduces it, see parseToken. */
  readonly token: string;
  /** Faults in the stem; the loop has none. */
  readonly faults: number;
  /** Steps of stem and loop that another agent could notice. */
  readonly steps: number;
}

/** The stem and the loop of a round, out of the memo alone. */
export function spellRound(
  { breadth, expander }: Explored,
  ways: LocalWays,
  pending: PendingGraph,
  round: Round,
  initial: Int32Array,
): Pick<Lasso, 'stem' | 'loop' | 'faults' | 'steps'> {
  const origin = pending.origin(round.start);
  const from = new Int32Array(initial.length);
  const start = new Int32Array(initial.length);
  breadth.table.read(origin, from);
  pending.table.read(round.start, start);
  const trips: Leg[] = [];
  for (let agent = 0; agent < expander.agents; agent++) {
    if (((round.apart >> agent) & 1) === 0) continue;
    start[agent] = ways.of(agent, start).loop;
    trips.push(...ways.roundTrip(agent, start));
  }
  const settle = [...from.keys()].filter((owner) => from[owner] !== start[owner]);
  const stem = spell(expander, initial, [
    ...breadth.pathTo(origin),
    ...settle.map((agent) => ({ agent, image: start[agent], action: -1, outcome: -1 })),
  ]);
  const loop = spell(expander, start, [...legsOf(pending, round), ...trips]);
  return { stem: stem.schedule, loop: loop.schedule, faults: stem.faults, steps: stem.steps + loop.steps };
}

/** The transitions along the edges of a round. */
function legsOf({ table, graph, edges, movers }: PendingGraph, round: Round): Leg[] {
  const tuple = new Int32Array(table.width);
  const goal = new Int32Array(table.width);
  let at = round.start;
  return round.edges.map((edge) => {
    const legs: Leg[] = [];
    table.read(at, tuple);
    at = edges.targets[edge];
    table.read(at, goal);
    graph.expand(
      tuple,
      () => {
        const is = graph.edge;
        if (is.agent === movers[edge] && is.faults === 0 && is.next.every((image, owner) => image === goal[owner]))
          legs.push(legOf(is));
      },
      false,
    );
    return legs[0];
  });
}
