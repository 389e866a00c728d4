import type { Expander } from '../expander.ts';
import type { Hop } from '../local-walk.ts';
import { type Behaviour, isOfTheStep } from '../merge/behaviour.ts';
import { said } from '../merge/leads.ts';
import { MergedGraph } from '../merge/merged-graph.ts';
import type { Partition } from '../merge/partition.ts';
import { OUTCOME } from '../merge/rows.ts';
import { Numbering } from '../numbering.ts';
import type { Note } from '../steps.ts';
import { arrangements, placesOf } from './arrangements.ts';
import type { Frames } from './frames.ts';

/** Orders of agents that are tried one by one. With more of them a state is not worth it. */
const MAX_ARRANGEMENTS = 5040;
/** Bytes of a view, and of what is remembered of a row, roughly. */
const VIEW_BYTES = 200;
const TRIED_BYTES = 8;

/** A shared image as an agent sees it: itself the first, the others in an order that depends on nothing but what it says of them. */
interface View {
  readonly shared: number;
  /** By place in that image: who is there. */
  readonly order: readonly number[];
}

/**
 * The merged graph in which states are one, too, that differ in which agent is which: the agents of a state are sorted, by
 * class and by what the shared image says of them, and renamed there accordingly.
 *
 * That this may be done is checked as it is searched. All agents' images have one behaviour: they are taken for one where they
 * look alike, and every class is tried with all of its members, each agent's with that agent. What an agent does must not
 * depend on which other agent is which, either: each row is tried in every order of the others that can be told apart, and with
 * each two exchanged that cannot. Once something comes out differently the search begins anew without (`asymmetric`).
 */
export class SymmetricGraph extends MergedGraph {
  /** Something depends on which agent is which. */
  private uneven = false;
  private readonly views: View[][] = [];
  /** What `members` answered last, when so many nodes were known. */
  private membersOf: { readonly size: number; readonly members: number[][] } = { size: -1, members: [] };
  /** Scratch: the classes of a state as an agent sees it; the agents of a state in order, and the place of each in it. */
  private readonly classesSeen: Int32Array;
  private readonly order: number[] = [];
  private readonly places: number[] = [];
  private viewCount = 0;
  /** By row: whether it was tried in every order. */
  private readonly tried: boolean[] = [];

  constructor(
    expander: Expander,
    behaviour: Behaviour,
    partition: Partition | undefined,
    initial: Int32Array,
    onNote: (note: Note, hop: Hop) => void,
    private readonly frames: Frames,
  ) {
    super(expander, [behaviour], partition ? [partition] : [], initial, onNote);
    this.classesSeen = new Int32Array(expander.agents);
  }

  get asymmetric(): boolean {
    return this.uneven || this.frames.rigid;
  }

  /** Says that it matters which agent is which. */
  deny(): void {
    this.uneven = true;
  }

  override get learnt(): number {
    return super.learnt + this.frames.learnt;
  }

  override get bytes(): number {
    return super.bytes + VIEW_BYTES * this.viewCount + TRIED_BYTES * this.tried.length;
  }

  override kindOf(): number {
    return 0;
  }

  override stateOf(images: Int32Array): Int32Array {
    const { edge } = this;
    const classes = super.stateOf(images);
    this.sort(classes, classes[this.expander.agents], 0);
    return Int32Array.from(edge.next);
  }

  override actors(state: Int32Array, agent: number, images: Int32Array): readonly number[] {
    const { agents } = this.expander;
    const roles = this.frames.roles(images[agents]);
    const role = this.frames.roles(state[agents])[agent];
    this.classes.shared = images[agents];
    return [...roles.keys()].filter((a) => roles[a] === role && this.classOf(a, images[a]) === state[agent]);
  }

  /** One for each order of the agents that can be told apart; all of them, that is, if there are not too many. */
  override representatives(state: Int32Array): readonly Int32Array[] {
    const { agents } = this.expander;
    const { bodies } = this.behaviours[0];
    const shared = state[agents];
    const looks = new Numbering();
    const values = Array.from(this.frames.roles(shared), (role, agent) => looks.of(`${state[agent]} ${role}`));
    const orders = this.ordersOf(values);
    const { members } = this;
    return orders.flatMap((order) => {
      const images = order.map((index, agent) => members[state[index]]?.[agent] ?? -1);
      if (images.includes(-1)) return [];
      const renamed = this.renamed(shared, placesOf(order));
      return [Int32Array.from([...images.map((body) => bodies.imageOf(body)), renamed])];
    });
  }

  protected override seenBy(agent: number, state: Int32Array): number {
    return this.viewOf(agent, state[this.expander.agents]).shared;
  }

  protected override settle(state: Int32Array, agent: number, to: number, shared: number): void {
    const { expander, classesSeen } = this;
    const { order } = this.viewOf(agent, state[expander.agents]);
    for (let place = 0; place < order.length; place++) classesSeen[place] = state[order[place]];
    classesSeen[0] = to;
    this.sort(classesSeen, shared, 0);
  }

  protected override rowOf(at: number, shared: number): number {
    const row = super.rowOf(at, shared);
    if (!this.tried[row]) {
      this.tried[row] = true;
      try {
        if (!this.contradicted && !this.isEven(at, shared, row)) this.uneven = true;
      } catch (error) {
        // It is never so that the others are in this order, if which is which matters.
        if (!isOfTheStep(error)) throw error;
        this.uneven = true;
      }
    }
    return row;
  }

  /** Whether a row is the same whichever of the others is which. */
  private isEven(at: number, shared: number, row: number): boolean {
    const { frames } = this;
    const [, ...others] = frames.roles(shared);
    const same = this.words(row, (next) => next);
    for (const order of this.ordersOf(others)) {
      const to = [0, ...placesOf(order).map((place) => place + 1)];
      const turned = this.rows.of(at, frames.renamed(shared, to));
      if (this.contradicted) return true;
      if (this.words(turned, (next) => next) !== this.words(row, (next) => frames.renamed(next, to))) return false;
    }
    for (const [i, role] of others.entries()) {
      const k = others.indexOf(role, i + 1);
      if (k < 0) continue;
      const to = [0, ...others.keys()].map((_, agent) => agent);
      to[i + 1] = k + 1;
      to[k + 1] = i + 1;
      if (this.words(row, (next) => frames.renamed(next, to)) !== same) return false;
    }
    return true;
  }

  /** What a row does, in words; its outcomes in no order. */
  private words(row: number, renamed: (shared: number) => number): string {
    const { rows, expander } = this;
    const words: string[] = [];
    for (let i = rows.start(row); i < rows.end(row); i += OUTCOME) {
      const [to, next, outcome] = rows.data.data.subarray(i, i + OUTCOME);
      words.push(`${to},${renamed(next)},${said(expander.memo, outcome)}`);
    }
    return words.sort().join(';');
  }

  /** A machine that has stopped has stopped under whatever names. */
  private renamed(shared: number, to: readonly number[]): number {
    const { memo } = this.expander;
    const renamed = this.frames.renamed(shared, to);
    if (memo.isStopped(shared)) memo.markStopped(renamed);
    return renamed;
  }

  private ordersOf(values: readonly number[]): number[][] {
    const orders = arrangements(values, MAX_ARRANGEMENTS);
    if (!orders) this.uneven = true;
    return orders ?? [];
  }

  /** Describes the state with these classes, each with what the shared image says of its place; whoever is at `last` took the step. */
  private sort(classes: Int32Array, shared: number, last: number): void {
    const { edge, expander, frames, order, places } = this;
    const { agents } = expander;
    const roles = frames.roles(shared);
    // By insertion, since there are few and this is done for every transition.
    for (let index = 0; index < agents; index++) {
      let place = index;
      for (; place > 0 && compare(classes, roles, order[place - 1], index) > 0; place--)
        order[place] = order[place - 1];
      order[place] = index;
    }
    edge.last = -1;
    for (let place = 0; place < agents; place++) {
      const index = order[place];
      places[index] = place;
      edge.next[place] = classes[index];
      // Of several that look the same it is the first, as good as any.
      if (edge.last < 0 && compare(classes, roles, index, last) === 0) edge.last = place;
    }
    edge.next[agents] = this.renamed(shared, places);
  }

  private viewOf(agent: number, shared: number): View {
    this.views[shared] ??= [];
    this.views[shared][agent] ??= this.view(agent, shared);
    return this.views[shared][agent];
  }

  private view(agent: number, shared: number): View {
    const { frames } = this;
    this.viewCount++;
    const roles = frames.roles(shared);
    const others = [...roles.keys()].filter((other) => other !== agent).sort((a, b) => roles[a] - roles[b] || a - b);
    const order = [agent, ...others];
    return { shared: frames.renamed(shared, placesOf(order)), order };
  }

  /** By class, then agent: a member of that agent's, if there is one. */
  private get members(): number[][] {
    const { bodies, nodes } = this.behaviours[0];
    if (this.membersOf.size === nodes.length) return this.membersOf.members;
    const members: number[][] = [];
    for (const [body, at] of this.classes.members(0)) {
      members[at] ??= [];
      members[at][bodies.agentOf(body)] ??= body;
    }
    this.membersOf = { size: nodes.length, members };
    return members;
  }
}

/** The order of two agents of a state; 0 if they look the same. */
const compare = (classes: Int32Array, roles: Int32Array, a: number, b: number): number =>
  classes[a] - classes[b] || roles[a] - roles[b];
