import type { Edges } from '../components.ts';
import { Ints } from '../ints.ts';
import { LimitReached, type Limits } from '../limits.ts';
import { APART, type FairGraph } from './fairness.ts';
import type { ObservedSearch } from './observed-search.ts';

/**
 * All that can happen while something stays pending for one agent, the *observed* one: the states of a search in which it is pending
 * and the machine did not stop, and the edges between them. Nobody is obliged to strike: faults make no agent able to step.
 *
 * It shows every run of the machine in which the thing is pending for ever, and whoever is fair there is fair here:
 *
 * - No folded steps pass over a change of what is pending (ObservedSteps). A folded step of an agent changes that agent's image only,
 *   so what is pending for another cannot depend on it.
 * - *Able* is an agent that can take some step but a fault right in the state at hand. An agent with local steps left is
 *   able, whatever the others do; so in a fair run it takes them, until it has to wait or takes a visible step. Folding
 *   takes that visible step and the local ones before it as one transition of the agent, so moving is moving in both
 *   graphs; where the visible step has to wait, the folded agent is moved to where it rests, and is not able there, in
 *   both graphs. In the states that a folded transition leaves out only its own agent's image differs, so another is
 *   able there if it is able in the state before.
 * - A folded agent that goes round local steps for ever does nothing that others can notice, wherever in the run it began
 *   to, and whatever local faults struck it before. So each state from which it gets to such a loop has an edge to itself
 *   on which that agent moves (`APART`); taken literally, it goes to the loop before the run repeats itself, and stays.
 * - Merged images agree on all of this (ObservedSearch), so it is asked of one state of each class.
 * - Where no agent is able, the run has come to an end, which is for ever too: an edge to itself on which nobody moves.
 */
export class PendingGraph implements FairGraph {
  /** By node: the state of the search. */
  private readonly states = new Ints(1024);
  /** By state: the node, -1 for none. */
  private readonly nodeOf: Int32Array;
  private readonly starts = new Ints(1024);
  private readonly targets = new Ints(1024);
  private readonly moverOf = new Ints(1024);
  private readonly ableIn = new Ints(1024);

  /** It is empty until `build` has ended. */
  constructor(
    readonly search: ObservedSearch,
    private readonly limits: Required<Pick<Limits, 'bytes'>>,
  ) {
    this.nodeOf = new Int32Array(search.breadth.table.count).fill(-1);
  }

  /**
   * Finds nodes and edges, a state with each turn.
   *
   * @throws LimitReached when it takes more bytes than allowed
   */
  *build(): Generator<undefined, void> {
    yield* this.collect();
    yield* this.connect();
  }

  get edges(): Edges {
    return { count: this.states.length, starts: this.starts.data, targets: this.targets.data };
  }

  get movers(): Int32Array {
    return this.moverOf.data;
  }

  get able(): Int32Array {
    return this.ableIn.data;
  }

  /** The state of the search that a node is. */
  state(node: number): number {
    return this.states.data[node];
  }

  get bytes(): number {
    const { nodeOf, states, starts, targets, moverOf, ableIn } = this;
    return nodeOf.byteLength + states.bytes + starts.bytes + targets.bytes + moverOf.bytes + ableIn.bytes;
  }

  private *collect(): Generator<undefined, void> {
    const { breadth, expander, observed } = this.search;
    const row = new Int32Array(breadth.table.width);
    for (let state = 0; state < breadth.table.count; state++) {
      yield;
      breadth.table.read(state, row);
      const images = this.search.images(row);
      if (expander.memo.isStopped(images[expander.agents]) || !observed.isPending(images)) continue;
      this.nodeOf[state] = this.states.length;
      this.states.push(state);
    }
  }

  private *connect(): Generator<undefined, void> {
    const { breadth, expander } = this.search;
    const { table, graph } = breadth;
    const row = new Int32Array(table.width);
    const visit = (): void => {
      const target = this.nodeOf[table.find(graph.edge.next)];
      if (target >= 0) this.link(target, graph.edge.agent);
    };
    this.starts.push(0);
    for (let node = 0; node < this.states.length; node++) {
      yield;
      table.read(this.state(node), row);
      graph.expand(row, visit, false);
      const images = this.search.images(row);
      for (let agent = 0; agent < expander.agents; agent++)
        if (this.goesRound(agent, images)) this.link(node, agent + APART);
      const able = this.ableAt(images);
      if (able === 0) this.link(node, -1);
      this.ableIn.push(able);
      this.starts.push(this.targets.length);
      if (this.bytes > this.limits.bytes) throw new LimitReached('bytes');
    }
  }

  private link(target: number, mover: number): void {
    this.targets.push(target);
    this.moverOf.push(mover);
  }

  private goesRound(agent: number, images: Int32Array): boolean {
    const { breadth, ways } = this.search;
    const isFolded = ((breadth.graph.stepwise >> agent) & 1) === 0;
    return isFolded && ways.loop(agent, images) >= 0;
  }

  private ableAt(images: Int32Array): number {
    const { expander } = this.search;
    let able = 0;
    for (let agent = 0; agent < expander.agents; agent++) {
      for (const [action, { fault }] of expander.actions.entries())
        if (!fault && expander.enabled(agent, action, images)) able |= 1 << agent;
    }
    return able;
  }
}
