import { components, type Edges, isCyclic } from '../components.ts';

/**
 * What is assumed of the scheduler when a run without an end is judged. Each profile allows fewer runs than the one
 * before it, so a property that holds under one holds under those after it:
 *
 * - `none`: whoever can step may be passed over for ever. A run goes on while anyone can go on.
 * - `weak`: an agent that stays able to step for ever steps for ever.
 * - `strong`: an agent that is able to step again and again steps again and again. Only locks and conditions switch an
 *   agent's ability on and off, so this is strong fairness of locks: one that is free again and again is got in the end.
 *
 * A FIFO lock is no profile of the scheduler but a part of the machine: compose it with one, and ask for `weak`.
 */
export type Fairness = 'none' | 'weak' | 'strong';

/** Every profile, the one that allows most first. */
export const FAIRNESS: readonly Fairness[] = ['none', 'weak', 'strong'];

/** A graph whose edges say who moves, and whose nodes say who could. */
export interface FairGraph {
  readonly edges: Edges;
  /** By edge: the agent that moves, or a number that says more and holds it in its lowest five bits; -1 for nobody. */
  readonly movers: Int32Array;
  /** By node: the agents that are able to step, a mask. */
  readonly able: Int32Array;
}

/** Adds to a mover that the agent goes round a loop of local steps of its own, and that the edge is not to be taken literally. */
export const APART = 32;

/** The bit of the agent that moves along an edge, 0 for nobody. */
export const moverBit = (mover: number): number => (mover < 0 ? 0 : 1 << (mover & (APART - 1)));

/** Who moves in a set of nodes, who is able to step in every one of them, who in some. Masks. */
export interface Activity {
  readonly moving: number;
  readonly always: number;
  readonly sometimes: number;
}

/**
 * Calls `visit` with every largest strongly connected set of nodes in which a run can stay for ever and be fair. Under
 * `strong` these are found by recursion, as for emptiness of Streett automata: an agent that never moves in a component
 * must not be able to in what is visited for ever, so the nodes in which it is are removed. `members` is valid during
 * the call only.
 */
export function fairComponents(
  graph: FairGraph,
  fairness: Fairness,
  visit: (members: Int32Array, activity: Activity) => void,
): void {
  const everything = Int32Array.from({ length: graph.edges.count }, (_, node) => node);
  const rest = [everything];
  for (let nodes = rest.pop(); nodes; nodes = rest.pop()) {
    const edges = nodes === everything ? graph.edges : induced(graph.edges, nodes);
    const within = nodes;
    components(edges, (local) => {
      if (!isCyclic(edges, local)) return;
      const members = local.map((i) => within[i]);
      const activity = activityOf(graph, members);
      const unfair = deprived(activity, fairness);
      if (unfair === 0) visit(members, activity);
      else if (fairness === 'strong') {
        const left = members.filter((node) => (graph.able[node] & unfair) === 0);
        if (left.length > 0) rest.push(left);
      }
    });
  }
}

/** The agents that a run through all of a component for ever would treat unfairly. */
function deprived({ moving, always, sometimes }: Activity, fairness: Fairness): number {
  if (fairness === 'none') return 0;
  return (fairness === 'weak' ? always : sometimes) & ~moving;
}

function activityOf({ edges, movers, able }: FairGraph, members: Int32Array): Activity {
  const inside = new Set(members);
  let moving = 0;
  let always = -1;
  let sometimes = 0;
  for (const node of members) {
    always &= able[node];
    sometimes |= able[node];
    for (let e = edges.starts[node]; e < edges.starts[node + 1]; e++)
      if (inside.has(edges.targets[e])) moving |= moverBit(movers[e]);
  }
  return { moving, always, sometimes };
}

/** The graph of these nodes alone, renumbered in their order. */
function induced(edges: Edges, nodes: Int32Array): Edges {
  const number = new Map<number, number>();
  for (const [i, node] of nodes.entries()) number.set(node, i);
  const starts = new Int32Array(nodes.length + 1);
  const targets: number[] = [];
  for (const [i, node] of nodes.entries()) {
    for (let e = edges.starts[node]; e < edges.starts[node + 1]; e++) {
      const target = number.get(edges.targets[e]);
      if (target !== undefined) targets.push(target);
    }
    starts[i + 1] = targets.length;
  }
  return { count: nodes.length, starts, targets: Int32Array.from(targets) };
}
