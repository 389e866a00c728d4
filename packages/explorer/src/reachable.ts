import type { Graph } from './graph.ts';
import { LimitReached } from './limits.ts';
import { StateTable } from './visited.ts';

/**
 * All states that can be reached from `from` without a fault, `from` included, if `test` answers yes in every one of
 * them; undefined after the first no. A state with each turn.
 *
 * @throws LimitReached after `maxStates` states
 */
export function* reachableWhere(
  graph: Graph,
  from: Int32Array,
  test: (tuple: Int32Array) => boolean,
  maxStates: number,
): Generator<undefined, StateTable | undefined> {
  yield;
  // Most are refused at once, before there is a table to be made.
  if (!test(from)) return undefined;
  const table = new StateTable(from.length);
  const tuple = new Int32Array(from.length);
  let passed = true;
  const visit = (): void => {
    if (!passed || graph.edge.faults > 0) return;
    table.add(graph.edge.next);
    if (table.added) passed = test(graph.edge.next);
  };
  table.add(from);
  for (let state = 0; passed && state < table.count; state++) {
    if (table.count > maxStates) throw new LimitReached('states');
    table.read(state, tuple);
    graph.expand(tuple, visit, false);
    yield;
  }
  return passed ? table : undefined;
}
