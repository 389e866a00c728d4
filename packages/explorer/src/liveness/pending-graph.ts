import type { Breadth } from '../breadth.ts';
import type { Edges } from '../components.ts';
import type { Expander } from '../expander.ts';
import { Graph } from '../graph.ts';
import { Ints } from '../ints.ts';
import { LimitReached, type Limits } from '../limits.ts';
import { StateTable } from '../visited.ts';
import { APART, type FairGraph } from './fairness.ts';
import type { LocalWays } from './local-ways.ts';

/** An explored graph, and what its transitions come from. */
export interface Explored {
  /** Complete, with all its faults. */
  readonly breadth: Breadth;
  readonly expander: Expander;
}

/**
 * All that can happen while something stays pending for one agent, the *observed* one: the states in which it is pending
 * and the machine did not stop, and the edges without a fault between them. Nobody is obliged to strike, and faults are
 * budgeted, so a run that goes on for ever is without them from some point on.
 *
 * It shows every run of the machine in which the thing is pending for ever, and whoever is fair there is fair here:
 *
 * - The observed agent takes every step as a transition of its own. A folded step of another changes that agent's image
 *   only, and whether the thing is pending does not depend on it (see Pending.exposed). The explored graph may fold the
 *   observed agent's steps: each of its states stands for those along its local steps.
 * - *Able* is an agent that can take some step but a fault right in the state at hand. An agent with local steps left is
 *   able, whatever the others do; so in a fair run it takes them, until it has to wait or takes a visible step. Folding
 *   takes that visible step and the local ones before it as one transition of the agent, so moving is moving in both
 *   graphs; where the visible step has to wait, the folded agent is moved to where it rests, and is not able there, in
 *   both graphs. In the states that a folded transition leaves out only its own agent's image differs, so another is
 *   able there if it is able in the state before.
 * - A folded agent that goes round local steps for ever does nothing that others can notice, wherever in the run it began
 *   to, and whatever local faults struck it before. So each state from which it gets to such a loop has an edge to itself
 *   on which that agent moves (`APART`); taken literally, it goes to the loop before the run repeats itself, and stays.
 * - Where no agent is able, the run has come to an end, which is for ever too: an edge to itself on which nobody moves.
 */
export class PendingGraph implements FairGraph {
  readonly table: StateTable;
  readonly graph: Graph;
  private readonly originOf = new Ints(1024);
  private readonly starts = new Ints(1024);
  private readonly targets = new Ints(1024);
  private readonly moverOf = new Ints(1024);
  private readonly ableIn = new Ints(1024);

  /** @throws LimitReached when there are more states, or they take more bytes, than allowed */
  constructor(
    private readonly explored: Explored,
    private readonly ways: LocalWays,
    readonly observed: number,
    private readonly isPending: (tuple: Int32Array) => boolean,
    private readonly limits: Required<Pick<Limits, 'states' | 'bytes'>>,
  ) {
    const { breadth, expander } = explored;
    this.table = new StateTable(breadth.table.width);
    this.graph = new Graph(expander, breadth.graph.stepwise | (1 << observed), breadth.graph.initial);
    this.collect();
    this.connect();
  }

  get edges(): Edges {
    return { count: this.table.count, starts: this.starts.data, targets: this.targets.data };
  }

  get movers(): Int32Array {
    return this.moverOf.data;
  }

  get able(): Int32Array {
    return this.ableIn.data;
  }

  /** The state of the explored graph from which local steps lead to this one. */
  origin(node: number): number {
    return this.originOf.data[node];
  }

  get bytes(): number {
    const { table, originOf, starts, targets, moverOf, ableIn } = this;
    return table.bytes + originOf.bytes + starts.bytes + targets.bytes + moverOf.bytes + ableIn.bytes;
  }

  /** Every state of the explored graph stands for those along the local steps of the observed agent. */
  private collect(): void {
    const { table } = this.explored.breadth;
    const { memo, agents } = this.explored.expander;
    const { observed } = this;
    const tuple = new Int32Array(table.width);
    for (let state = 0; state < table.count; state++) {
      table.read(state, tuple);
      if (memo.isStopped(tuple[agents])) continue;
      if (!this.isFolded(observed)) this.add(state, tuple);
      else
        for (const image of this.ways.of(observed, tuple).images) {
          tuple[observed] = image;
          this.add(state, tuple);
        }
      this.checkLimits();
    }
  }

  private add(state: number, tuple: Int32Array): void {
    if (!this.isPending(tuple)) return;
    this.table.add(tuple);
    if (this.table.added) this.originOf.push(state);
  }

  private connect(): void {
    const { table, graph, targets } = this;
    const { expander } = this.explored;
    const { memo, agents } = expander;
    const tuple = new Int32Array(table.width);
    const visit = (): void => {
      const { edge } = graph;
      if (edge.faults > 0 || memo.isStopped(edge.next[agents])) return;
      const target = table.find(edge.next);
      if (target >= 0) this.link(target, edge.agent);
    };
    this.starts.push(0);
    for (let node = 0; node < table.count; node++) {
      table.read(node, tuple);
      graph.expand(tuple, visit, false);
      for (let agent = 0; agent < agents; agent++) if (this.goesRound(agent, tuple)) this.link(node, agent + APART);
      const able = this.ableAt(tuple);
      if (able === 0) this.link(node, -1);
      this.ableIn.push(able);
      this.starts.push(targets.length);
      this.checkLimits();
    }
  }

  private checkLimits(): void {
    if (this.table.count > this.limits.states) throw new LimitReached('states');
    if (this.bytes > this.limits.bytes) throw new LimitReached('bytes');
  }

  private link(target: number, mover: number): void {
    this.targets.push(target);
    this.moverOf.push(mover);
  }

  /** Whether the explored graph folds the local steps of an agent. */
  private isFolded(agent: number): boolean {
    return ((this.explored.breadth.graph.stepwise >> agent) & 1) === 0;
  }

  private goesRound(agent: number, tuple: Int32Array): boolean {
    return agent !== this.observed && this.isFolded(agent) && this.ways.of(agent, tuple).loop >= 0;
  }

  private ableAt(tuple: Int32Array): number {
    const { expander } = this.explored;
    let able = 0;
    for (let agent = 0; agent < expander.agents; agent++) {
      for (const [action, { fault }] of expander.actions.entries())
        if (!fault && expander.enabled(agent, action, tuple)) able |= 1 << agent;
    }
    return able;
  }
}
