import type { Expander } from './expander.ts';
import { Graph } from './graph.ts';
import { StateTable } from './visited.ts';

/**
 * Shows that goals are really reached, by paths of the unmerged graph: first with one agent moving alone, which is enough
 * for most, then with all. (Where images are merged, steps are tried in states that need not be reachable, and what was
 * reached in one of those says nothing.)
 */
export class GoalProof {
  readonly proven = new Set<string>();
  private readonly movers: number[];
  private graph: Graph | undefined;
  private table: StateTable;
  private expanded = 0;
  private readonly tuple: Int32Array;

  constructor(
    private readonly expander: Expander,
    private readonly initial: Int32Array,
    private readonly claimed: readonly string[],
  ) {
    const { agents } = expander;
    this.movers = [...Array.from({ length: agents }, (_, agent) => 1 << agent), (1 << agents) - 1];
    this.tuple = new Int32Array(initial.length);
    this.table = new StateTable(initial.length);
  }

  /** Whether all claims are proven, or nothing is left that could prove them. */
  get done(): boolean {
    return this.claimed.every((goal) => this.proven.has(goal)) || (this.movers.length === 0 && !this.graph);
  }

  get bytes(): number {
    return this.table.bytes;
  }

  get states(): number {
    return this.table.count;
  }

  /** Goes on for `expansions` states. */
  advance(expansions: number): void {
    for (let left = expansions; left > 0 && !this.done; left--) this.expandNext();
  }

  private expandNext(): void {
    this.graph ??= this.begin();
    if (this.expanded === this.table.count) {
      this.graph = undefined;
      return;
    }
    this.table.read(this.expanded++, this.tuple);
    this.graph.expand(this.tuple, this.visit, true);
  }

  private begin(): Graph {
    this.table = new StateTable(this.initial.length);
    this.table.add(this.initial);
    this.expanded = 0;
    return new Graph(this.expander, 0, this.initial, this.movers.shift());
  }

  private readonly visit = (): void => {
    const { graph, expander, table, proven } = this;
    if (!graph) return;
    for (const goal of expander.memo.note(graph.edge.outcome)?.goals ?? []) proven.add(goal);
    table.add(graph.edge.next);
  };
}
