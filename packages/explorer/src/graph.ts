import { Closures } from './closure.ts';
import type { Expander } from './expander.ts';
import { LocalWalk } from './local-walk.ts';
import type { SearchGraph } from './search-graph.ts';

/** The transition at hand; one object, reused from each transition to the next. */
export interface Edge {
  /** The state it leads to. */
  readonly next: Int32Array;
  agent: number;
  /** The agent's image where the step is taken: after its local steps, if the graph folds those. */
  image: number;
  /** The action taken at `image`, or -1: none, the agent merely ran on to `image`. */
  action: number;
  /** The outcome of that step in the memo, or -1. */
  outcome: number;
  /** Faults taken, on the way to `image` and by the step. */
  faults: number;
  /** 1 if another agent could notice the step. */
  visible: number;
  /** Whoever took the step, by its place in `next`. */
  last: number;
  /** Nothing is said about where the step leads: it is there for what properties remarked about it. */
  remark: boolean;
}

/** An edge of a graph of so many agents, before there is any. */
export const noEdge = (agents: number): Edge => ({
  next: new Int32Array(agents + 1),
  agent: 0,
  image: 0,
  action: 0,
  outcome: 0,
  faults: 0,
  visible: 0,
  last: 0,
  remark: false,
});

/**
 * The transition system that is searched, over tuples of images; enumerating it allocates nothing.
 *
 * Agents in the mask `stepwise` take every step as a transition of its own. For all others local steps are folded: one
 * transition runs the agent through local steps of its choice (with the faults that strike on the way) and takes one
 * visible step. Where nothing visible is left to do, or what is left has to wait, the agent is moved to where it rests,
 * so that waiting and looping are states of the graph too. A mask with all agents gives the unreduced graph.
 */
export class Graph implements SearchGraph {
  readonly edge: Edge;
  private readonly closures: Closures;
  private readonly moved: Int32Array;
  private readonly walk: LocalWalk;

  constructor(
    private readonly expander: Expander,
    readonly stepwise: number,
    readonly initial: Int32Array,
    /** Mask of agents that take steps at all. */
    private readonly movers = -1,
  ) {
    this.edge = noEdge(expander.agents);
    this.walk = new LocalWalk(expander);
    this.closures = new Closures(expander);
    this.moved = new Int32Array(expander.agents + 1);
  }

  /**
   * Calls `visit` for each transition out of `tuple`, with `edge` describing it. With `remarks`, local steps about
   * which a property had something to say are transitions as well: that is how a counterexample gets to them.
   */
  expand(tuple: Int32Array, visit: () => void, remarks: boolean): void {
    const { agents, memo } = this.expander;
    if (memo.isStopped(tuple[agents])) return;
    this.moved.set(tuple);
    for (let agent = 0; agent < agents; agent++) {
      if (((this.movers >> agent) & 1) === 0) continue;
      this.edge.agent = agent;
      this.edge.last = agent;
      if ((this.stepwise >> agent) & 1) {
        this.takeSteps(agent, visit);
        continue;
      }
      const closure = this.closures.of(agent, tuple);
      this.takeExits(agent, closure, visit);
      this.takeRests(agent, closure, visit);
      if (remarks) this.takeRemarks(agent, closure, visit);
      this.moved[agent] = tuple[agent];
    }
  }

  get bytes(): number {
    return this.closures.bytes;
  }

  /** What agents can do where they are is found out again at no price, so only what was executed counts. */
  get learnt(): number {
    return this.expander.executed;
  }

  knows(tuple: Int32Array, images: readonly number[]): boolean {
    return tuple.every((image, owner) => image < images[owner]);
  }

  enabled(agent: number, tuple: Int32Array): boolean {
    return this.expander.enabled(agent, 0, tuple);
  }

  stateOf(images: Int32Array): Int32Array {
    return images;
  }

  stops(agent: number, tuple: Int32Array, test: (image: number) => boolean): number[] {
    if ((this.stepwise >> agent) & 1) return [];
    const { walk } = this;
    walk.run(agent, tuple);
    const stops: number[] = [];
    // The first is where the agent is.
    for (let i = 1; i < walk.images.length; i++) {
      const image = walk.images.data[i];
      if (test(image)) stops.push(image, image, walk.faults.data[i]);
    }
    return stops;
  }

  run(tuple: Int32Array, agent: number, to: number, image: number, faults: number, visit: () => void): void {
    this.moved.set(tuple);
    this.moved[agent] = to;
    this.edge.agent = agent;
    this.edge.last = agent;
    this.arrive(image, -1, -1, faults, visit);
  }

  private takeSteps(agent: number, visit: () => void): void {
    const { actions } = this.expander;
    for (let action = 0; action < actions.length; action++) this.takeAction(agent, action, 0, visit);
  }

  private takeExits(agent: number, closure: number, visit: () => void): void {
    const { exits } = this.closures;
    const end = this.closures.endExit(closure);
    for (let i = this.closures.firstExit(closure); i < end; i += 3) {
      this.moved[agent] = exits.data[i];
      this.takeAction(agent, exits.data[i + 1], exits.data[i + 2], visit);
    }
  }

  private takeRests(agent: number, closure: number, visit: () => void): void {
    const { rests } = this.closures;
    const end = this.closures.endRest(closure);
    for (let i = this.closures.firstRest(closure); i < end; i += 3) {
      const image = rests.data[i];
      this.moved[agent] = image;
      const diverges = rests.data[i + 2] !== 0;
      if (diverges || !this.canGoOn(agent)) this.arrive(image, -1, -1, rests.data[i + 1], visit);
    }
  }

  private takeRemarks(agent: number, closure: number, visit: () => void): void {
    const { actions } = this.expander;
    const { remarks } = this.closures;
    const end = this.closures.endRemark(closure);
    for (let i = this.closures.firstRemark(closure); i < end; i += 4) {
      const image = remarks.data[i];
      const action = remarks.data[i + 1];
      const faults = remarks.data[i + 3] + (actions[action].fault ? 1 : 0);
      this.moved[agent] = image;
      this.arrive(image, action, remarks.data[i + 2], faults, visit);
    }
  }

  private takeAction(agent: number, action: number, faultsBefore: number, visit: () => void): void {
    const { expander, moved } = this;
    const { memo } = expander;
    const leaf = expander.leaf(agent, action, moved);
    const end = memo.end(leaf);
    const faults = faultsBefore + (expander.actions[action].fault ? 1 : 0);
    for (let outcome = memo.start(leaf); outcome < end; outcome++) {
      this.arrive(moved[agent], action, outcome, faults, visit);
    }
  }

  private arrive(image: number, action: number, outcome: number, faults: number, visit: () => void): void {
    const { edge, moved } = this;
    const { memo } = this.expander;
    if (outcome < 0) edge.next.set(moved);
    else memo.apply(outcome, moved, edge.next);
    edge.image = image;
    edge.action = action;
    edge.outcome = outcome;
    edge.faults = faults;
    edge.visible = action >= 0 && memo.isVisible(edge.agent, action, image) ? 1 : 0;
    edge.remark = false;
    visit();
  }

  /** Whether some action of the agent but a fault can be taken right where it is. */
  private canGoOn(agent: number): boolean {
    const { expander, moved } = this;
    for (let action = 0; action < expander.actions.length; action++) {
      if (!expander.actions[action].fault && expander.enabled(agent, action, moved)) return true;
    }
    return false;
  }
}
