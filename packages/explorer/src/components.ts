/** A graph as edge lists in one array: the successors of v are targets[starts[v]] .. targets[starts[v + 1] - 1]. */
export interface Edges {
  readonly count: number;
  readonly starts: Int32Array;
  readonly targets: Int32Array;
}

/**
 * Calls `visit` for every bottom component: a strongly connected component that no edge leaves, so that a run which
 * gets there never gets away. `members` is valid during the call only, in no order; `cyclic` is false for a single node
 * without an edge to itself (nothing can happen there any more).
 */
export function bottomComponents(edges: Edges, visit: (members: Int32Array, cyclic: boolean) => void): void {
  components(edges, (members, bottom) => {
    if (bottom) visit(members, isCyclic(edges, members));
  });
}

/** Whether a run can stay in a component for ever: whether it has an edge at all. */
export function isCyclic(edges: Edges, members: Int32Array): boolean {
  return members.length > 1 || hasEdge(edges, members[0], members[0]);
}

/**
 * Calls `visit` for every strongly connected component, those that an edge leads to before those that it comes from.
 * `members` is valid during the call only, in no order; `bottom` says that no edge leaves it.
 *
 * Tarjan's algorithm with its own stack, because a graph of a million states is deeper than JavaScript's.
 */
export function components(edges: Edges, visit: (members: Int32Array, bottom: boolean) => void): void {
  const { count, starts, targets } = edges;
  /** 0 = not met, else 1 + order of discovery; finished nodes get DONE. */
  const order = new Int32Array(count);
  const low = new Int32Array(count);
  const cursor = starts.slice(0, count);
  const escapes = new Uint8Array(count);
  const stack = new Int32Array(count);
  const calls = new Int32Array(count);
  let stacked = 0;
  let depth = 0;
  let discovered = 0;

  const enter = (v: number): void => {
    order[v] = low[v] = ++discovered;
    stack[stacked++] = v;
    calls[depth++] = v;
  };

  const leave = (v: number): void => {
    depth--;
    const isRoot = low[v] === order[v];
    if (isRoot) {
      let first = stacked;
      let bottom = true;
      do {
        first--;
        order[stack[first]] = DONE;
        if (escapes[stack[first]] !== 0) bottom = false;
      } while (stack[first] !== v);
      visit(stack.subarray(first, stacked), bottom);
      stacked = first;
    }
    if (depth === 0) return;
    const parent = calls[depth - 1];
    if (isRoot) escapes[parent] = 1;
    else if (low[v] < low[parent]) low[parent] = low[v];
  };

  for (let root = 0; root < count; root++) {
    if (order[root] !== 0) continue;
    enter(root);
    while (depth > 0) {
      const v = calls[depth - 1];
      if (cursor[v] === starts[v + 1]) {
        leave(v);
        continue;
      }
      const w = targets[cursor[v]++];
      if (order[w] === 0) enter(w);
      else if (order[w] === DONE) escapes[v] = 1;
      else if (order[w] < low[v]) low[v] = order[w];
    }
  }
}

const DONE = 0x7fffffff;

function hasEdge(edges: Edges, from: number, to: number): boolean {
  for (let e = edges.starts[from]; e < edges.starts[from + 1]; e++) if (edges.targets[e] === to) return true;
  return false;
}
