import type { Expander } from '../expander.ts';
import type { Edge } from '../graph.ts';
import { grown, Ints } from '../ints.ts';
import type { Hop } from '../local-walk.ts';
import { OwnershipChanged } from '../ownership.ts';
import type { SearchGraph } from '../search-graph.ts';
import type { Note } from '../steps.ts';
import { type Behaviour, isOfTheStep } from './behaviour.ts';
import { Classes, type ExitClass, type NodeClass } from './classes.ts';
import { said } from './leads.ts';
import type { Partition } from './partition.ts';

/** Integers of an outcome in a row: class of nodes, shared image, outcome of the memo. */
const OUTCOME = 3;

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
  readonly initial: Int32Array;
  readonly stepwise = 0;
  /** Members of one class were seen to differ. */
  contradicted = false;
  readonly classes: Classes;
  /** Rows that were asked for, and classes that were told of. */
  learnt = 0;
  /** Rows: what a class of exits does in a shared image, as outcomes one after the other. */
  private readonly rowStarts = new Ints();
  private readonly rowData = new Ints();
  private readonly context: Int32Array;

  constructor(
    private readonly expander: Expander,
    private readonly behaviours: readonly Behaviour[],
    partitions: readonly Partition[],
    initial: Int32Array,
    /** Told of what properties say, once for each class that says it. */
    private readonly onNote: (note: Note, hop: Hop) => void,
  ) {
    const { agents } = expander;
    const nowhere = { agent: 0, image: 0, action: 0, outcome: 0, faults: 0, visible: 0, remark: false };
    this.edge = { next: new Int32Array(agents + 1), ...nowhere };
    this.context = Int32Array.from(initial);
    this.classes = new Classes(behaviours, partitions, this.context);
    this.rowStarts.push(0);
    this.initial = this.stateOf(initial);
  }

  /** Calls `visit` for each transition, with `edge` describing it in terms of first members. */
  expand(state: Int32Array, visit: () => void, remarks: boolean): void {
    const { agents, memo } = this.expander;
    const shared = state[agents];
    if (memo.isStopped(shared)) return;
    for (let agent = 0; agent < agents; agent++) {
      const from = this.classes.node(agent, state[agent]);
      if (remarks) this.takeRemarks(state, agent, from, visit);
      else if (!from.told) this.tell(agent, from);
      for (let i = 0; i < from.exits.length; i += 2) this.takeExit(state, from.exits[i], from.exits[i + 1], visit);
      for (let i = 0; i < from.rests.length; i += 3) {
        const to = from.rests[i];
        const diverges = from.rests[i + 2] !== 0;
        if (to !== state[agent] && (diverges || !this.canGoOn(agent, to, shared)))
          this.arrive(state, agent, to, from.rests[i + 1], visit);
      }
    }
  }

  enabled(agent: number, state: Int32Array): boolean {
    const { own, facts } = this.classes.node(agent, state[agent]);
    return (facts.local & 1) !== 0 || (own[0] >= 0 && this.isEnabled(own[0], state[this.expander.agents]));
  }

  stateOf(images: Int32Array): Int32Array {
    const { agents } = this.expander;
    this.context[agents] = images[agents];
    return images.map((image, owner) => (owner < agents ? this.classes.of(owner, image) : image));
  }

  stops(agent: number, state: Int32Array, test: (at: number) => boolean): number[] {
    const stops: number[] = [];
    const { image } = this.classes.node(agent, state[agent]).facts;
    this.behaviours[agent].reach(image, this.context, (reached, faults) => {
      const at = this.classes.of(agent, reached);
      if (at !== state[agent] && test(at)) stops.push(at, reached, faults);
    });
    return stops;
  }

  /** First members of the classes of a state. */
  representative(state: Int32Array): Int32Array {
    const { agents } = this.expander;
    return state.map((at, owner) => (owner < agents ? this.classes.node(owner, at).facts.image : at));
  }

  knows(state: Int32Array, images: readonly number[]): boolean {
    const { agents } = this.expander;
    const isKnown = (at: number, owner: number): boolean => this.classes.node(owner, at) !== undefined;
    return state.every((at, owner) => (owner < agents ? isKnown(at, owner) : at < images[agents]));
  }

  get bytes(): number {
    return this.rowData.bytes + this.rowStarts.bytes + this.classes.bytes;
  }

  // ---- transitions ----

  private takeExit(state: Int32Array, at: number, faults: number, visit: () => void): void {
    const { edge, expander, rowData, rowStarts } = this;
    const { agents } = expander;
    const row = this.rowOf(at, state[agents]);
    const { agent, action, members } = this.classes.exit(at);
    const end = rowStarts.data[row + 1];
    for (let i = rowStarts.data[row]; i < end; i += OUTCOME) {
      edge.next.set(state);
      edge.next[agent] = rowData.data[i];
      edge.next[agents] = rowData.data[i + 1];
      edge.agent = agent;
      edge.image = this.behaviours[agent].exitImage.data[members[0]];
      edge.action = action;
      edge.outcome = rowData.data[i + 2];
      edge.faults = faults + (expander.actions[action].fault ? 1 : 0);
      edge.visible = 1;
      edge.remark = false;
      visit();
    }
  }

  private arrive(state: Int32Array, agent: number, to: number, faults: number, visit: () => void): void {
    const { edge } = this;
    edge.next.set(state);
    edge.next[agent] = to;
    edge.agent = agent;
    edge.image = this.classes.node(agent, to).facts.image;
    edge.action = -1;
    edge.outcome = -1;
    edge.faults = faults;
    edge.visible = 0;
    edge.remark = false;
    visit();
  }

  private takeRemarks(state: Int32Array, agent: number, from: NodeClass, visit: () => void): void {
    const { edge, expander } = this;
    this.eachRemark(agent, from, (image, action, outcome, faults) => {
      edge.next.set(state);
      edge.agent = agent;
      edge.image = image;
      edge.action = action;
      edge.outcome = outcome;
      edge.faults = faults + (expander.actions[action].fault ? 1 : 0);
      edge.visible = 0;
      edge.remark = true;
      visit();
    });
  }

  private tell(agent: number, from: NodeClass): void {
    from.told = true;
    this.learnt++;
    this.eachRemark(agent, from, (image, action, outcome) => {
      const note = this.expander.memo.note(outcome);
      if (note) this.onNote(note, { agent, image, action, outcome });
    });
  }

  private eachRemark(
    agent: number,
    { facts }: NodeClass,
    visit: (image: number, action: number, outcome: number, faults: number) => void,
  ): void {
    const { closures } = this.behaviours[agent];
    const closure = this.at(agent, facts.image, () => closures.of(agent, this.context));
    const { data } = closures.remarks;
    const end = closures.endRemark(closure);
    for (let i = closures.firstRemark(closure); i < end; i += 4) visit(data[i], data[i + 1], data[i + 2], data[i + 3]);
  }

  private canGoOn(agent: number, at: number, shared: number): boolean {
    const { own, facts } = this.classes.node(agent, at);
    return facts.local !== 0 || own.some((exit) => exit >= 0 && this.isEnabled(exit, shared));
  }

  private isEnabled(exit: number, shared: number): boolean {
    const row = this.rowOf(exit, shared);
    return this.rowStarts.data[row + 1] > this.rowStarts.data[row];
  }

  // ---- trying exits ----

  /** What a class of exits does in a shared image, tried with all of its members when first asked for. */
  private rowOf(at: number, shared: number): number {
    const { classes } = this;
    const exits = classes.exit(at);
    const known = shared < exits.rows.length ? exits.rows[shared] : 0;
    if (known !== 0) return known - 1;
    this.learnt++;
    const row = this.record(exits, shared);
    if (shared >= exits.rows.length) exits.rows = grown(exits.rows, shared + 1);
    exits.rows[shared] = row + 1;
    exits.domain.push(shared);
    for (let i = 0; i < exits.members.length; i++) this.check(exits.members[i], exits, shared);
    for (let late = classes.unchecked.pop(); late; late = classes.unchecked.pop()) {
      const home = classes.exit(late.at);
      for (let i = 0; i < home.domain.length; i++) this.check(late.exit, home, home.domain[i]);
    }
    return row;
  }

  /**
   * By the first member that can take the step, and go on after it; others may have been tried in a state that cannot be.
   *
   * @throws whatever the step throws, if all members throw and nothing is contradicted: then some state that can be is like that
   */
  private record({ agent, action, members }: ExitClass, shared: number): number {
    const { rowData, rowStarts } = this;
    const behaviour = this.behaviours[agent];
    const errors: unknown[] = [];
    for (let i = 0; i < members.length && errors.length === i; i++) {
      try {
        for (const value of this.row(behaviour, members[i], shared)) rowData.push(value);
        this.note(behaviour, members[i], action);
      } catch (error) {
        if (!isOfTheStep(error)) throw error;
        errors.push(error);
      }
    }
    if (errors.length === members.length && !this.contradicted)
      throw errors.find((error) => error instanceof OwnershipChanged) ?? errors[0];
    rowStarts.push(rowData.length);
    return rowStarts.length - 2;
  }

  private row(behaviour: Behaviour, member: number, shared: number): number[] {
    const { expander, context } = this;
    const { memo, agents } = expander;
    context[agents] = shared;
    const leaf = behaviour.execute(member, context);
    const row: number[] = [];
    for (let outcome = memo.start(leaf); outcome < memo.end(leaf); outcome++) {
      const next = this.nextShared(outcome, shared);
      row.push(this.nextClass(behaviour, member, outcome, next), next, outcome);
    }
    return row;
  }

  /** Tells of what properties say in the row at the end. */
  private note({ agent, exitImage }: Behaviour, member: number, action: number): void {
    const { rowData, rowStarts, expander } = this;
    for (let i = rowStarts.data[rowStarts.length - 1]; i < rowData.length; i += OUTCOME) {
      const outcome = rowData.data[i + 2];
      const note = expander.memo.note(outcome);
      if (note) this.onNote(note, { agent, image: exitImage.data[member], action, outcome });
    }
  }

  /** Whether a member does what its class does. */
  private check(exit: number, { agent, rows }: ExitClass, shared: number): void {
    const { context, expander, behaviours, rowStarts } = this;
    context[expander.agents] = shared;
    const leaf = behaviours[agent].leaf(exit, context);
    const row = rows[shared] - 1;
    try {
      if (leaf >= 0 && this.agrees(exit, leaf, rowStarts.data[row], rowStarts.data[row + 1], agent, shared)) return;
    } catch (error) {
      // What follows cannot be executed: no class that can be behaves like that.
      if (!isOfTheStep(error)) throw error;
    }
    this.contradicted = true;
  }

  private agrees(exit: number, leaf: number, start: number, end: number, agent: number, shared: number): boolean {
    const { data } = this.rowData;
    const { memo } = this.expander;
    const first = memo.start(leaf);
    if ((memo.end(leaf) - first) * OUTCOME !== end - start) return false;
    for (let outcome = first, i = start; i < end; outcome++, i += OUTCOME) {
      const like = data[i];
      const next = data[i + 1];
      if (this.nextShared(outcome, shared) !== next) return false;
      if (said(memo, outcome) !== said(memo, data[i + 2])) return false;
      if (this.nextClass(this.behaviours[agent], exit, outcome, next, like) !== like) return false;
    }
    return true;
  }

  private nextClass({ agent, exitImage }: Behaviour, exit: number, outcome: number, shared: number, like = -1): number {
    const written = this.expander.memo.image(outcome, agent);
    this.context[this.expander.agents] = shared;
    return this.classes.of(agent, written < 0 ? exitImage.data[exit] : written, like);
  }

  private nextShared(outcome: number, shared: number): number {
    const written = this.expander.memo.image(outcome, this.expander.agents);
    return written < 0 ? shared : written;
  }

  private at<T>(agent: number, image: number, act: () => T): T {
    const { context } = this;
    const own = context[agent];
    context[agent] = image;
    const result = act();
    context[agent] = own;
    return result;
  }
}
