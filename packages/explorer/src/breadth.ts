import type { Archive } from './archive.ts';
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
  /** The state that is being expanded, or was last. */
  expanding = 0;
  private readonly parent = new Ints(1024);
  /** Edges that are no faults, as successor lists in the order of expansion. */
  private readonly edgeStarts = new Ints(1024);
  private readonly edgeTargets = new Ints(1024);
  private readonly tuple: Int32Array;
  private levelEnd = 1;
  /** States at which the graph learnt something, and those at which it is to. */
  private readonly lessons = new Ints();
  private readonly toLearn = new Ints();
  /** Digests of where the state that is being expanded leads, and all states at which the graph learnt something, faults included. */
  private leads = 0;
  private lessonsLead = 0;
  /** As it was before the expansion under way, which a limit may have cut short. */
  private settled: { states: number; transitions: number; learnt: number; lessonsLead: number };

  constructor(readonly graph: SearchGraph) {
    const { initial } = graph;
    this.table = new StateTable(initial.length);
    this.tuple = new Int32Array(initial.length);
    this.table.add(initial);
    this.parent.push(-1);
    this.settled = { states: 1, transitions: 0, learnt: graph.learnt, lessonsLead: 0 };
    this.edgeStarts.push(0);
  }

  get complete(): boolean {
    return this.expanded === this.table.count;
  }

  get bytes(): number {
    const { table, parent, edgeStarts, edgeTargets, lessons, toLearn } = this;
    return [table, parent, edgeStarts, edgeTargets, lessons, toLearn].reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** Expands one state more. */
  expandNext(): void {
    if (this.expanded === this.levelEnd) {
      this.depth++;
      this.levelEnd = this.table.count;
    }
    this.expandAt(this.expanded, this.visit);
    this.expanded++;
    this.edgeStarts.push(this.edgeTargets.length);
    const { settled } = this;
    settled.states = this.table.count;
    settled.transitions = this.transitions;
    settled.learnt = this.graph.learnt;
    settled.lessonsLead = this.lessonsLead;
  }

  private expandAt(state: number, visit: () => void): void {
    const { graph, table, tuple, lessons } = this;
    const { learnt } = graph;
    this.expanding = state;
    this.leads = 0;
    table.read(state, tuple);
    graph.expand(tuple, visit, false);
    if (graph.learnt === learnt) return;
    lessons.push(state);
    this.lessonsLead = mixed(this.lessonsLead, this.leads);
  }

  /**
   * What the search has found, but not what its graph has learnt. Read into a search that has not begun yet: until its
   * graph has learnt the same, see `relearn`, nothing else may be asked of it.
   */
  archive(a: Archive): void {
    const { table, parent, edgeStarts, edgeTargets, settled, lessons } = this;
    // What an expansion found that was cut short, it finds once more.
    table.archive(a, settled.states);
    const high = (a.reading ? table.count : settled.states) - 1;
    this.expanded = a.number(this.expanded, { high: high + 1 });
    this.transitions = a.number(settled.transitions);
    this.depth = a.number(this.depth);
    this.levelEnd = a.number(this.levelEnd, { high: high + 1 });
    a.rising(parent, { low: -1, high }, settled.states);
    a.rising(edgeStarts, { high: a.left });
    a.ints(edgeTargets, { high }, edgeStarts.data[edgeStarts.length - 1]);
    settled.learnt = a.number(settled.learnt);
    settled.lessonsLead = a.number(settled.lessonsLead, { high: 2 ** 32 - 1 });
    a.rising(a.reading ? this.toLearn : lessons, { high: this.expanded - 1 });
    if (a.reading) this.adopt(a);
  }

  private adopt(a: Archive): void {
    const { table, parent, edgeStarts, edgeTargets } = this;
    a.demand(parent.length === table.count && edgeStarts.length === this.expanded + 1);
    a.demand(edgeStarts.data[0] === 0 && edgeStarts.data[this.expanded] === edgeTargets.length);
    for (let state = 0; state < parent.length; state++) a.demand(parent.data[state] < state);
    a.demand(table.find(this.graph.initial) === 0);
    this.settled.states = table.count;
    this.settled.transitions = this.transitions;
  }

  /**
   * Teaches the graph what it had learnt from the first of the states that are left: whoever searches has to `demand`
   * that it knows them, as the file may be anybody's. Answers with the state; -1 when none is left.
   */
  relearnNext(images: readonly number[], demand: (holds: boolean) => void): number {
    const { lessons, toLearn, table, tuple, graph } = this;
    if (lessons.length >= toLearn.length) return -1;
    const state = toLearn.data[lessons.length];
    table.read(state, tuple);
    demand(graph.knows(tuple, images));
    const before = lessons.length;
    this.expandAt(state, () => this.lead(table.find(graph.edge.next)));
    demand(lessons.length === before + 1);
    return state;
  }

  /**
   * Whether the graph has learnt the same as the one that was saved: as much, all that the states found are made of included, and
   * where it learnt something it leads to the same states.
   */
  hasRelearnt(images: readonly number[]): boolean {
    const { table, tuple, graph, settled } = this;
    if (graph.learnt !== settled.learnt || this.lessonsLead !== settled.lessonsLead) return false;
    for (let state = 0; state < table.count; state++) {
      table.read(state, tuple);
      if (!graph.knows(tuple, images)) return false;
    }
    return true;
  }

  private readonly visit = (): void => {
    const { table, graph } = this;
    this.transitions++;
    const state = table.add(graph.edge.next);
    if (table.added) this.parent.push(this.expanded);
    if (graph.edge.faults === 0) this.edgeTargets.push(state);
    this.lead(state);
  };

  private lead(state: number): void {
    this.leads = mixed(this.leads, 2 * state + (this.graph.edge.faults === 0 ? 0 : 1));
  }

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

/** A digest, 32 bits without a sign, of one and of what comes next. */
function mixed(digest: number, next: number): number {
  const h = Math.imul(digest ^ next, 0x85ebca6b) + 1;
  return (h ^ (h >>> 15)) >>> 0;
}
