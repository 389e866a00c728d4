import type { Expander } from '../expander.ts';
import { type Edge, noEdge } from '../graph.ts';
import type { Hop } from '../local-walk.ts';
import type { SearchGraph } from '../search-graph.ts';
import type { Note } from '../steps.ts';
import type { Behaviour } from './behaviour.ts';
import type { Classes, NodeClass } from './classes.ts';
import type { Partition } from './partition.ts';
import { OUTCOME, Rows } from './rows.ts';

/**
 * The graph with local steps folded and with images merged that no visible step will ever tell apart: a state is a tuple
 * of classes of nodes, and the shared image.
 *
 * Which images are one begins as a guess. Every class of exits is tried, in every shared image in which the search meets
 * it, with all of its members, and they have to do the same. Once they do not, the guess is wrong (`contradicted`), and
 * whoever searches begins again with a better one. A search that ends without that has shown the merging to be a
 * bisimulation: the merged graph violates what the other violates, and each of its paths can be lifted to the other.
 */
export class MergedGraph implements SearchGraph {
  readonly edge: Edge;
  readonly stepwise = 0;
  protected readonly rows: Rows;
  /** Classes that were told of. */
  private told = 0;
  /** Whoever takes the step at hand. */
  private acting = 0;
  private start: Int32Array | undefined;

  constructor(
    protected readonly expander: Expander,
    protected readonly behaviours: readonly Behaviour[],
    partitions: readonly Partition[],
    private readonly images: Int32Array,
    /** Told of what properties say, once for each class that says it. */
    private readonly onNote: (note: Note, hop: Hop) => void,
  ) {
    const { agents } = expander;
    this.edge = noEdge(agents);
    this.rows = new Rows(expander, behaviours, partitions, images[agents], (note, { body, action, outcome }) =>
      onNote(note, { agent: this.acting, image: body, action, outcome }),
    );
  }

  get initial(): Int32Array {
    this.start ??= this.stateOf(this.images);
    return this.start;
  }

  get classes(): Classes {
    return this.rows.classes;
  }

  get learnt(): number {
    return this.rows.learnt + this.told;
  }

  /** Members of one class were seen to differ. */
  get contradicted(): boolean {
    return this.rows.contradicted;
  }

  /** Calls `visit` for each transition, with `edge` describing it in terms of first members. */
  expand(state: Int32Array, visit: () => void, remarks: boolean): void {
    const { agents, memo } = this.expander;
    if (memo.isStopped(state[agents])) return;
    for (let agent = 0; agent < agents; agent++) {
      this.acting = agent;
      const from = this.classAt(state, agent);
      if (remarks) this.takeRemarks(state, agent, from, visit);
      else if (!from.told) this.tell(agent, from);
      for (let i = 0; i < from.exits.length; i += 2)
        this.takeExit(state, agent, from.exits[i], from.exits[i + 1], visit);
      for (let i = 0; i < from.rests.length; i += 3) {
        const to = from.rests[i];
        const diverges = from.rests[i + 2] !== 0;
        if (to !== state[agent] && (diverges || !this.canGoOn(state, agent, to)))
          this.run(state, agent, to, this.nodeOf(agent, to).facts.body, from.rests[i + 1], visit);
      }
    }
  }

  enabled(agent: number, state: Int32Array): boolean {
    const { own, facts } = this.classAt(state, agent);
    return (facts.local & 1) !== 0 || (own[0] >= 0 && this.rows.isEnabled(own[0], this.seenBy(agent, state)));
  }

  stateOf(images: Int32Array): Int32Array {
    const { agents } = this.expander;
    this.classes.shared = images[agents];
    return images.map((image, owner) => (owner < agents ? this.classOf(owner, image) : image));
  }

  stops(agent: number, state: Int32Array, test: (at: number) => boolean): number[] {
    const stops: number[] = [];
    const kind = this.kindOf(agent);
    const { body } = this.classAt(state, agent).facts;
    this.behaviours[kind].reach(body, this.seenBy(agent, state), (reached, faults) => {
      const at = this.classes.of(kind, reached);
      if (at !== state[agent] && test(at)) stops.push(at, reached, faults);
    });
    return stops;
  }

  run(state: Int32Array, agent: number, to: number, image: number, faults: number, visit: () => void): void {
    this.settle(state, agent, to, this.seenBy(agent, state));
    this.describe(agent, image, -1, -1, faults);
    visit();
  }

  /** The class of an agent's image. */
  classOf(agent: number, image: number): number {
    const kind = this.kindOf(agent);
    return this.classes.of(kind, this.behaviours[kind].bodies.of(agent, image));
  }

  /** The behaviour of an agent. */
  kindOf(agent: number): number {
    return agent;
  }

  /** A step that was executed while a state is expanded, as a leg from that state. */
  legOf({ agent, image, action, outcome }: Hop): Hop {
    const body = this.behaviours[this.kindOf(agent)].bodies.of(agent, image);
    return { agent: this.acting, image: body, action, outcome };
  }

  /** Which agents of these images, which are in a state, are the one at this place of it. */
  actors(_state: Int32Array, agent: number, _images: Int32Array): readonly number[] {
    return [agent];
  }

  /** States of images that are in a state of classes; what holds of these holds of all others in it. */
  representatives(state: Int32Array): readonly Int32Array[] {
    const { agents } = this.expander;
    return [state.map((at, owner) => (owner < agents ? this.nodeOf(owner, at).facts.body : at))];
  }

  knows(state: Int32Array, images: readonly number[]): boolean {
    const { agents } = this.expander;
    const isKnown = (at: number, owner: number): boolean => this.nodeOf(owner, at) !== undefined;
    return state.every((at, owner) => (owner < agents ? isKnown(at, owner) : at < images[agents]));
  }

  get bytes(): number {
    return this.rows.bytes;
  }

  // ---- what an agent sees, and where that leads ----

  /** The shared image of a state, as an agent sees it. */
  protected seenBy(_agent: number, state: Int32Array): number {
    return state[this.expander.agents];
  }

  /** Describes the state after an agent has gone to a class and left this shared image, as it sees it. */
  protected settle(state: Int32Array, agent: number, to: number, shared: number): void {
    const { edge, expander } = this;
    edge.next.set(state);
    edge.next[agent] = to;
    edge.next[expander.agents] = shared;
    edge.last = agent;
  }

  /** What a class of exits does in the state at hand. */
  protected rowOf(at: number, shared: number): number {
    return this.rows.of(at, shared);
  }

  // ---- transitions ----

  private takeExit(state: Int32Array, agent: number, at: number, faults: number, visit: () => void): void {
    const { expander, rows } = this;
    const kind = this.kindOf(agent);
    const row = this.rowOf(at, this.seenBy(agent, state));
    const { action, members } = this.classes.exit(at);
    const behaviour = this.behaviours[kind];
    const body = behaviour.exitBody.data[members[0]];
    const isVisible = behaviour.isVisible(members[0]);
    const cost = faults + (expander.actions[action].fault ? 1 : 0);
    const end = rows.end(row);
    for (let i = rows.start(row); i < end; i += OUTCOME) {
      const { data } = rows.data;
      this.settle(state, agent, data[i], data[i + 1]);
      this.describe(agent, body, action, data[i + 2], cost);
      this.edge.visible = isVisible ? 1 : 0;
      visit();
    }
  }

  private takeRemarks(state: Int32Array, agent: number, from: NodeClass, visit: () => void): void {
    const { edge, expander } = this;
    this.eachRemark(agent, from, (body, action, outcome, faults) => {
      edge.next.set(state);
      edge.last = agent;
      this.describe(agent, body, action, outcome, faults + (expander.actions[action].fault ? 1 : 0));
      edge.remark = true;
      visit();
    });
  }

  private describe(agent: number, image: number, action: number, outcome: number, faults: number): void {
    const { edge } = this;
    edge.agent = agent;
    edge.image = image;
    edge.action = action;
    edge.outcome = outcome;
    edge.faults = faults;
    edge.visible = 0;
    edge.remark = false;
  }

  private tell(agent: number, from: NodeClass): void {
    from.told = true;
    this.told++;
    this.eachRemark(agent, from, (image, action, outcome) => {
      const note = this.expander.memo.note(outcome);
      if (note) this.onNote(note, { agent, image, action, outcome });
    });
  }

  private eachRemark(
    agent: number,
    { facts }: NodeClass,
    visit: (body: number, action: number, outcome: number, faults: number) => void,
  ): void {
    const remarks = this.behaviours[this.kindOf(agent)].remarks(facts.body, this.classes.shared);
    for (let i = 0; i < remarks.length; i += 4) visit(remarks[i], remarks[i + 1], remarks[i + 2], remarks[i + 3]);
  }

  private canGoOn(state: Int32Array, agent: number, at: number): boolean {
    const { own, facts } = this.nodeOf(agent, at);
    const shared = this.seenBy(agent, state);
    return facts.local !== 0 || own.some((exit) => exit >= 0 && this.rows.isEnabled(exit, shared));
  }

  private classAt(state: Int32Array, agent: number): NodeClass {
    return this.nodeOf(agent, state[agent]);
  }

  private nodeOf(agent: number, at: number): NodeClass {
    return this.classes.node(this.kindOf(agent), at);
  }
}
