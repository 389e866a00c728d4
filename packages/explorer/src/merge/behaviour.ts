import { CHANGED_WAYS } from '@checkstop/kernel';
import type { Closures } from '../closure.ts';
import type { Expander } from '../expander.ts';
import { grown, Ints } from '../ints.ts';
import { LimitReached } from '../limits.ts';
import type { LocalWalk } from '../local-walk.ts';
import { Numbering } from '../numbering.ts';
import { OwnershipChanged } from '../ownership.ts';
import type { Bodies } from './bodies.ts';

/** What an agent can do from one of its images, as far as that is a fact about the body alone. */
export interface NodeFacts {
  readonly body: number;
  /** Pairs (exit, faults on the way): visible steps that it can get to by local steps. */
  readonly exits: readonly number[];
  /** Triples (body, faults, diverges): where it can stay. */
  readonly rests: readonly number[];
  /** Visible steps that are no faults and can be tried right at this image: the agent's own step first, or -1 if that is local. */
  readonly own: readonly number[];
  /** Bit 0: its own step is local and can be taken. Bit 1: so is some other action that is no fault. */
  readonly local: number;
  /** Which properties local steps violate, with the fewest faults it takes, in words. */
  readonly remarks: string;
  /** Local steps lead from some of `rests` back here, which takes faults that may strike any number of times. */
  readonly returns: boolean;
  /** Equal for images that may be one, as far as that does not depend on where they lead. */
  label: number;
}

/** How images are told apart before anything is known of where they lead. */
export interface Looks {
  /** An image's next step in words: a hint, so that little is taken for one at first that is not. */
  place(agent: number, image: number): string;
  /** What bottom properties can see in it. */
  observed(agent: number, image: number): string;
}

/**
 * What is known of how an agent behaves, in numbers that do not depend on which images are taken for one: its *nodes*
 * (bodies at which it can be seen between two visible steps) and its *exits* (visible steps: an action at a body).
 * Grows as the search meets new ones. Shared images are as the agent sees them.
 */
export class Behaviour {
  readonly nodes: NodeFacts[] = [];
  /** By exit: image, action, number of its looks, and the shared image in which it was met first. */
  readonly exitBody = new Ints();
  readonly exitAction = new Ints();
  readonly exitLabel = new Ints();
  readonly birth = new Ints();
  /** By exit: shared image to leaf of the memo, -1 where the step throws; every context in which it was tried. */
  readonly contexts: Map<number, number>[] = [];
  /** Bodies of which what can be seen on the way to the next visible step must be equal, too. */
  private readonly watched = new Set<number>();
  private nodeAt = new Int32Array(256);
  /** A state to execute steps in; where steps are merged, those of other agents do not matter. */
  private readonly tuple: Int32Array;
  private readonly exitAt: Int32Array[];
  private readonly labels = new Numbering();

  constructor(
    readonly bodies: Bodies,
    private readonly expander: Expander,
    readonly closures: Closures,
    private readonly walk: LocalWalk,
    private readonly looks: Looks,
    initial: Int32Array,
  ) {
    this.tuple = Int32Array.from(initial);
    this.exitAt = expander.actions.map(() => new Int32Array(256));
  }

  /** The facts about a body; local steps that nobody has taken yet are executed in a shared image. */
  node(body: number, shared: number): NodeFacts {
    const known = body < this.nodeAt.length ? this.nodeAt[body] : 0;
    if (known !== 0) return this.nodes[known - 1];
    const facts = this.explain(body, shared);
    facts.label = this.labelOfNode(facts);
    this.nodes.push(facts);
    if (body >= this.nodeAt.length) this.nodeAt = grown(this.nodeAt, body + 1);
    this.nodeAt[body] = this.nodes.length;
    return facts;
  }

  /** The number of an action at a body. */
  exit(body: number, action: number, shared: number): number {
    const at = this.exitAt[action];
    const known = body < at.length ? at[body] : 0;
    if (known !== 0) return known - 1;
    const exit = this.exitBody.length;
    this.exitBody.push(body);
    this.exitAction.push(action);
    this.birth.push(shared);
    // A fault does what it does wherever it strikes, and what follows shows where that matters.
    const place = this.expander.actions[action].fault ? '' : this.place(body);
    this.exitLabel.push(this.labels.of(`${action} ${place}`));
    this.contexts.push(new Map());
    if (body >= at.length) this.exitAt[action] = grown(at, body + 1);
    this.exitAt[action][body] = exit + 1;
    return exit;
  }

  /** The leaf of the memo for an exit in a shared image, or -1 if the step throws there: it may be tried in states that cannot be. */
  leaf(exit: number, shared: number): number {
    const known = this.contexts[exit].get(shared);
    if (known !== undefined) return known;
    let leaf = -1;
    try {
      leaf = this.execute(exit, shared);
    } catch (error) {
      if (!isOfTheStep(error)) throw error;
    }
    this.contexts[exit].set(shared, leaf);
    return leaf;
  }

  /** Sees to it that all bodies are nodes which exits lead to, so that no two differ only in what was looked at. */
  complete(): void {
    const { memo } = this.expander;
    for (let exit = 0; exit < this.contexts.length; exit++)
      for (const [shared, leaf] of this.contexts[exit])
        for (let outcome = leaf < 0 ? 0 : memo.start(leaf); leaf >= 0 && outcome < memo.end(leaf); outcome++)
          try {
            this.node(this.nextBody(exit, outcome), this.nextShared(exit, outcome, shared));
          } catch (error) {
            if (!isOfTheStep(error)) throw error;
          }
  }

  /** The same, but what the step throws is thrown. */
  execute(exit: number, shared: number): number {
    const body = this.exitBody.data[exit];
    return this.expander.leaf(this.bodies.agentOf(body), this.exitAction.data[exit], this.state(body, shared));
  }

  /** Whether another agent could notice the step of an exit, which was executed before. */
  isVisible(exit: number): boolean {
    const body = this.exitBody.data[exit];
    const { bodies, expander } = this;
    return expander.memo.isVisible(bodies.agentOf(body), this.exitAction.data[exit], bodies.imageOf(body));
  }

  /** The body that an outcome of an exit leads to. */
  nextBody(exit: number, outcome: number): number {
    const body = this.exitBody.data[exit];
    const agent = this.bodies.agentOf(body);
    const written = this.expander.memo.image(outcome, agent);
    return written < 0 ? body : this.bodies.of(agent, written);
  }

  /** The shared image after an outcome of an exit in this one. */
  nextShared(exit: number, outcome: number, shared: number): number {
    const { memo, agents } = this.expander;
    const written = memo.image(outcome, agents);
    if (written < 0) return shared;
    const seen = this.bodies.seen(this.bodies.agentOf(this.exitBody.data[exit]), written);
    if (memo.isStopped(written)) memo.markStopped(seen);
    return seen;
  }

  /** Calls `visit` for every body that local steps lead to, with the faults on the way; where they begin is left out. */
  reach(body: number, shared: number, visit: (reached: number, faults: number) => void): void {
    const { walk, bodies } = this;
    const agent = bodies.agentOf(body);
    walk.run(agent, this.state(body, shared));
    // The walk is used again by whatever `visit` asks.
    const images = walk.images.data.slice(0, walk.images.length);
    const faults = walk.faults.data.slice(0, images.length);
    for (let i = 1; i < images.length; i++) visit(bodies.of(agent, images[i]), faults[i]);
  }

  /** Quadruples (body, action, outcome, faults on the way): what properties say of local steps from a body. */
  remarks(body: number, shared: number): Int32Array {
    const { closures, bodies } = this;
    const agent = bodies.agentOf(body);
    const closure = closures.of(agent, this.state(body, shared));
    const remarks = closures.remarks.data.slice(closures.firstRemark(closure), closures.endRemark(closure));
    for (let i = 0; i < remarks.length; i += 4) remarks[i] = bodies.of(agent, remarks[i]);
    return remarks;
  }

  /** What bottom properties can see of an agent on its way from a body to its next visible step. */
  seenFrom(body: number, shared: number): string {
    const seen = new Set([this.observed(body)]);
    this.reach(body, shared, (reached, faults) => {
      if (faults === 0) seen.add(this.observed(reached));
    });
    return [...seen].sort().join(';');
  }

  /** From now on these bodies are one only if what is seen on the way from them is. */
  watch(bodies: readonly number[]): void {
    for (const body of bodies) this.watched.add(body);
  }

  /** What can be seen has changed. `shared` as in `node`. */
  relabel(shared: number): void {
    for (const facts of this.nodes) {
      facts.label = this.labelOfNode(facts);
      if (this.watched.has(facts.body))
        facts.label = this.labels.of(`${facts.label} on the way ${this.seenFrom(facts.body, shared)}`);
    }
  }

  get bytes(): number {
    const { exitBody, exitAction, exitLabel, birth, nodeAt, exitAt } = this;
    let bytes = nodeAt.byteLength + this.labels.bytes;
    for (const list of [exitBody, exitAction, exitLabel, birth]) bytes += list.bytes;
    for (const at of exitAt) bytes += at.byteLength;
    for (const { exits, rests, own } of this.nodes) bytes += 160 + 8 * (exits.length + rests.length + own.length);
    for (const tried of this.contexts) bytes += 120 + 32 * tried.size;
    return bytes;
  }

  private explain(body: number, shared: number): NodeFacts {
    const { bodies, closures, expander } = this;
    const agent = bodies.agentOf(body);
    const image = bodies.imageOf(body);
    const tuple = this.state(body, shared);
    const closure = closures.of(agent, tuple);
    const exits: number[] = [];
    for (let i = closures.firstExit(closure); i < closures.endExit(closure); i += 3) {
      const [at, action, faults] = closures.exits.data.subarray(i, i + 3);
      exits.push(this.exit(bodies.of(agent, at), action, shared), faults);
    }
    const rests: number[] = [];
    for (let i = closures.firstRest(closure); i < closures.endRest(closure); i += 3) {
      const [at, faults, diverges] = closures.rests.data.subarray(i, i + 3);
      rests.push(bodies.of(agent, at), faults, diverges);
    }
    const own: number[] = [-1];
    let local = 0;
    for (const [action, { fault }] of expander.actions.entries()) {
      if (fault) continue;
      if (!expander.memo.isLocal(agent, action, image)) {
        const exit = this.exit(body, action, shared);
        if (action === 0) own[0] = exit;
        else own.push(exit);
      } else if (expander.enabled(agent, action, tuple)) local |= action === 0 ? 1 : 2;
    }
    const remarks = this.remarkWords(closure);
    return { body, exits, rests, own, local, remarks, returns: this.isReturnedTo(body, rests, shared), label: -1 };
  }

  private isReturnedTo(body: number, rests: readonly number[], shared: number): boolean {
    const { bodies, closures } = this;
    const agent = bodies.agentOf(body);
    for (let i = 0; i < rests.length; i += 3) {
      const closure = closures.of(agent, this.state(rests[i], shared));
      for (let k = closures.firstRest(closure); k < closures.endRest(closure); k += 3)
        if (bodies.of(agent, closures.rests.data[k]) === body) return true;
    }
    return false;
  }

  private remarkWords(closure: number): string {
    const { closures, expander } = this;
    const fewest = new Map<number, number>();
    for (let i = closures.firstRemark(closure); i < closures.endRemark(closure); i += 4) {
      const [, action, outcome, before] = closures.remarks.data.subarray(i, i + 4);
      const faults = before + (expander.actions[action].fault ? 1 : 0);
      for (const { property } of expander.memo.note(outcome)?.violations ?? [])
        if (faults < (fewest.get(property) ?? Number.POSITIVE_INFINITY)) fewest.set(property, faults);
    }
    return [...fewest]
      .map((pair) => pair.join(':'))
      .sort()
      .join();
  }

  /** Bodies that lead to each other are never one with another: whether they may be would depend on whether they are. */
  private labelOfNode({ body, local, remarks, returns }: NodeFacts): number {
    return this.labels.of(`${local} ${remarks} ${returns ? body : ''} ${this.observed(body)}`);
  }

  private place(body: number): string {
    return this.looks.place(this.bodies.agentOf(body), this.bodies.imageOf(body));
  }

  private observed(body: number): string {
    return this.looks.observed(this.bodies.agentOf(body), this.bodies.imageOf(body));
  }

  /** A state in which a body is, with what it sees. */
  private state(body: number, shared: number): Int32Array {
    const { tuple, bodies } = this;
    const agent = bodies.agentOf(body);
    tuple[agent] = bodies.imageOf(body);
    tuple[this.expander.agents] = bodies.seen(agent, shared);
    return tuple;
  }
}

/** Whether a step threw, not the search; that steps do something else from now on concerns the search. */
export const isOfTheStep = (error: unknown): boolean =>
  error instanceof OwnershipChanged ? error.conflict !== CHANGED_WAYS : !(error instanceof LimitReached);
