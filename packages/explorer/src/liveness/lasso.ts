import type { Schedule } from '@checkstop/kernel';
import { LimitReached } from '../limits.ts';
import { type Leg, legOf, spell } from '../path.ts';
import { StateTable } from '../visited.ts';
import type { Fairness } from './fairness.ts';
import type { Explored } from './observed-search.ts';
import type { PendingGraph } from './pending-graph.ts';
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
  /** Every single step of one round, back to the state where it began. Empty: no agent is able to step there any more. Faults may strike in it if they may strike for ever. */
  readonly loop: Schedule;
  /** One line that reproduces it, see parseToken. */
  readonly token: string;
  /** Faults in the stem. */
  readonly faults: number;
  /** Steps of stem and loop that another agent could notice. */
  readonly steps: number;
}

/** Transitions of a loop, at most: what is longer tells nobody anything. */
const MAX_LEGS = 100_000;

/** The stem and the loop of a round, out of the memo alone. @throws LimitReached where it takes too many rounds to come back to the same images */
export function spellRound(
  pending: PendingGraph,
  { expander: explored, steps: { initial } }: Explored,
  round: Round,
): Pick<Lasso, 'stem' | 'loop' | 'faults' | 'steps'> {
  const { search } = pending;
  const { breadth, expander, ways } = search;
  const { lifted, end } = search.lift(breadth.pathTo(pending.state(round.start)), initial);
  const stem = [...lifted];
  const trips: Leg[] = [];
  for (let agent = 0; agent < expander.agents; agent++) {
    if (((round.apart >> agent) & 1) === 0) continue;
    end[agent] = ways.loop(agent, end);
    stem.push({ agent, image: end[agent], action: -1, outcome: -1 });
    trips.push(...ways.roundTrip(agent, end));
  }
  // A round may end in other images of the classes that it began with: so round it goes until some come again.
  const legs = legsOf(pending, round);
  const met = new StateTable(end.length);
  met.add(end);
  const rounds: (readonly Leg[])[] = [];
  let again = -1;
  const from = Int32Array.from(end);
  do {
    if (legs.length * rounds.length > MAX_LEGS) throw new LimitReached('states');
    const once = search.lift(legs, from);
    rounds.push(once.lifted);
    again = met.add(once.end);
    from.set(once.end);
  } while (met.added);
  met.read(again, from);
  stem.push(...rounds.slice(0, again).flat());
  const way = spell(expander, initial, stem, explored.memo);
  const loop = spell(expander, from, [...rounds.slice(again).flat(), ...trips], explored.memo);
  return { stem: way.schedule, loop: loop.schedule, faults: way.faults, steps: way.steps + loop.steps };
}

/** The transitions along the edges of a round, as the graph has them. */
function legsOf(pending: PendingGraph, round: Round): Leg[] {
  const { edges, movers, search } = pending;
  const { table, graph } = search.breadth;
  const row = new Int32Array(table.width);
  const goal = new Int32Array(table.width);
  let at = round.start;
  return round.edges.map((edge) => {
    const legs: { readonly leg: Leg; readonly faults: number }[] = [];
    table.read(pending.state(at), row);
    at = edges.targets[edge];
    table.read(pending.state(at), goal);
    graph.expand(
      row,
      () => {
        const is = graph.edge;
        if (is.agent === movers[edge] && is.next.every((image, owner) => image === goal[owner]))
          legs.push({ leg: legOf(is), faults: is.faults });
      },
      false,
    );
    return legs.reduce((best, other) => (other.faults < best.faults ? other : best)).leg;
  });
}
