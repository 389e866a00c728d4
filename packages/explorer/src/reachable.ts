import type { Graph } from './graph.ts';
import { LimitReached } from './limits.ts';
import { StateTable } from './visited.ts';

/**
 * All states that can be reached from `from` without a fault, `from` included, if `test` answers yes in every one of
 * them; undefined after the first no.
 *
 * @throws LimitReached after `maxStates` states
 */
export function reachableWhere(
  graph: Graph,
  from: Int32Array,
  test: (tuple: Int32Array) => boolean,
  maxStates: number,
): StateTable | undefined {
  const table = new StateTable(from.length);
  const tuple = new Int32Array(from.length);
  const visit = (): void => {
    if (graph.edge.faults === 0) table.add(graph.edge.next);
  };
  table.add(from);
  for (let state = 0; state < table.count; state++) {
    if (table.count > maxStates) throw new LimitReached();
    table.read(state, tuple);
    if (!test(tuple)) return undefined;
    graph.expand(tuple, visit, false);
  }
  return table;
}
