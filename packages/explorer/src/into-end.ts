import { CheapestPaths } from './cheapest.ts';
import { bottomComponents } from './components.ts';
import type { Expander } from './expander.ts';
import { Graph } from './graph.ts';
import { Ints } from './ints.ts';
import type { Leg } from './path.ts';
import { StateTable } from './visited.ts';

/**
 * The steps that lead from a state, from which no way leads out of an end, into the end itself: none, if it is part of it. (A
 * state that is merged with one of an end leads there by steps that nobody can notice, which may be missing at its end.)
 */
export function intoEnd(expander: Expander, from: Int32Array, maxStates: number): Leg[] {
  const stepwise = (1 << expander.agents) - 1;
  const graph = new Graph(expander, stepwise, from);
  const table = new StateTable(from.length);
  const starts = new Ints();
  const targets = new Ints();
  const state = new Int32Array(from.length);
  table.add(from);
  for (let at = 0; at < table.count && table.count <= maxStates; at++) {
    starts.push(targets.length);
    table.read(at, state);
    graph.expand(
      state,
      () => {
        if (graph.edge.faults === 0) targets.push(table.add(graph.edge.next));
      },
      false,
    );
  }
  starts.push(targets.length);
  const inside = new Set<number>();
  bottomComponents({ count: starts.length - 1, starts: starts.data, targets: targets.data }, (members) => {
    for (const member of members) inside.add(member);
  });
  if (inside.has(0)) return [];
  const paths = new CheapestPaths(expander, new Graph(expander, stepwise, from), [
    { remark: () => false, state: (tuple) => inside.has(table.find(tuple)) },
  ]);
  while (!paths.done) paths.advance(1000);
  return paths.found[0] ?? [];
}
