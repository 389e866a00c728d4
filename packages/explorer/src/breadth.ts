import { bottomComponents } from './components.ts';
import { Ints } from './ints.ts';
import { type Leg, legOf } from './path.ts';
import type { SearchGraph } from './search-graph.ts';
import { StateTable } from './visited.ts';

/** Everything reachable, breadth-first by transitions of the graph: states, who led to them, and the edges but faults. */
export class Breadth {
  readonly table: StateTable;
  transitions = 0;
  /** Transitions from the start to the states being expanded. */
  depth = 0;
  /** States expanded. */
  expanded = 0;
  private readonly parent = new Ints(1024);
  /** Edges that are no faults, as successor lists in the order of expansion. */
  private readonly edgeStarts = new Ints(1024);
  private readonly edgeTargets = new Ints(1024);
  private readonly tuple: Int32Array;
  private levelEnd = 1;

  constructor(readonly graph: SearchGraph) {
    const { initial } = graph;
    this.table = new StateTable(initial.length);
    this.tuple = new Int32Array(initial.length);
    this.table.add(initial);
    this.parent.push(-1);
    this.edgeStarts.push(0);
  }

  get complete(): boolean {
    return this.expanded === this.table.count;
  }

  get bytes(): number {
    return this.table.bytes + this.parent.bytes + this.edgeStarts.bytes + this.edgeTargets.bytes;
  }

  /** Expands one state more. */
  expandNext(): void {
    if (this.expanded === this.levelEnd) {
      this.depth++;
      this.levelEnd = this.table.count;
    }
    this.table.read(this.expanded, this.tuple);
    this.graph.expand(this.tuple, this.visit, false);
    this.expanded++;
    this.edgeStarts.push(this.edgeTargets.length);
  }

  private readonly visit = (): void => {
    const { table, graph } = this;
    this.transitions++;
    const state = table.add(graph.edge.next);
    if (table.added) this.parent.push(this.expanded);
    if (graph.edge.faults === 0) this.edgeTargets.push(state);
  };

  /** The bottom components of the complete graph, see bottomComponents: nobody may wait for a fault. */
  bottoms(visit: (members: Int32Array) => void): void {
    bottomComponents({ count: this.expanded, starts: this.edgeStarts.data, targets: this.edgeTargets.data }, visit);
  }

  /** The path on which a state was found. */
  pathTo(state: number): Leg[] {
    const { graph, table, tuple } = this;
    const legs: Leg[] = [];
    const goal = new Int32Array(tuple.length);
    for (let at = state; this.parent.data[at] >= 0; at = this.parent.data[at]) {
      let leg: Leg | undefined;
      table.read(at, goal);
      table.read(this.parent.data[at], tuple);
      graph.expand(
        tuple,
        () => {
          if (!leg && graph.edge.next.every((image, owner) => image === goal[owner])) leg = legOf(graph.edge);
        },
        false,
      );
      if (leg) legs.push(leg);
    }
    return legs.reverse();
  }
}
