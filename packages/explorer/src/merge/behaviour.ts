import { CHANGED_WAYS } from '@checkstop/kernel';
import type { Closures } from '../closure.ts';
import type { Expander } from '../expander.ts';
import { grown, Ints } from '../ints.ts';
import { LimitReached } from '../limits.ts';
import type { LocalWalk } from '../local-walk.ts';
import { OwnershipChanged } from '../ownership.ts';

/** Bytes that a text in a map takes beside two for each character, roughly. */
const LABEL_BYTES = 64;

/** What an agent can do from one of its images, as far as that is a fact about the image alone. */
export interface NodeFacts {
  readonly image: number;
  /** Pairs (exit, faults on the way): visible steps that it can get to by local steps. */
  readonly exits: readonly number[];
  /** Triples (image, faults, diverges): where it can stay. */
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
 * What is known of how one agent behaves, in numbers that do not depend on which images are taken for one: its *nodes*
 * (images at which it can be seen between two visible steps) and its *exits* (visible steps: an action at an image).
 * Grows as the search meets new ones.
 */
export class Behaviour {
  readonly nodes: NodeFacts[] = [];
  /** By exit: image, action, number of its looks, and the shared image in which it was met first. */
  readonly exitImage = new Ints();
  readonly exitAction = new Ints();
  readonly exitLabel = new Ints();
  readonly birth = new Ints();
  /** By exit: shared image to leaf of the memo, -1 where the step throws; every context in which it was tried. */
  readonly contexts: Map<number, number>[] = [];
  /** Images of which what can be seen on the way to the next visible step must be equal, too. */
  private readonly watched = new Set<number>();
  private nodeAt = new Int32Array(256);
  private readonly exitAt: Int32Array[];
  private readonly labels = new Map<string, number>();
  private labelBytes = 0;

  constructor(
    readonly agent: number,
    private readonly expander: Expander,
    readonly closures: Closures,
    private readonly walk: LocalWalk,
    private readonly looks: Looks,
  ) {
    this.exitAt = expander.actions.map(() => new Int32Array(256));
  }

  /** The facts about tuple[agent]; the rest of the tuple is what local steps that nobody has taken yet are executed in. */
  node(tuple: Int32Array): NodeFacts {
    const image = tuple[this.agent];
    const known = image < this.nodeAt.length ? this.nodeAt[image] : 0;
    if (known !== 0) return this.nodes[known - 1];
    const facts = this.explain(image, tuple);
    facts.label = this.labelOfNode(facts);
    this.nodes.push(facts);
    if (image >= this.nodeAt.length) this.nodeAt = grown(this.nodeAt, image + 1);
    this.nodeAt[image] = this.nodes.length;
    return facts;
  }

  /** The number of an action at an image. */
  exit(image: number, action: number, shared: number): number {
    const at = this.exitAt[action];
    const known = image < at.length ? at[image] : 0;
    if (known !== 0) return known - 1;
    const exit = this.exitImage.length;
    this.exitImage.push(image);
    this.exitAction.push(action);
    this.birth.push(shared);
    // A fault does what it does wherever it strikes, and what follows shows where that matters.
    const place = this.expander.actions[action].fault ? '' : this.looks.place(this.agent, image);
    this.exitLabel.push(this.numbered(`${action} ${place}`));
    this.contexts.push(new Map());
    if (image >= at.length) this.exitAt[action] = grown(at, image + 1);
    this.exitAt[action][image] = exit + 1;
    return exit;
  }

  /**
   * The leaf of the memo for an exit in the shared image of `tuple`, or -1 if the step throws there: it may be tried in
   * states that cannot be.
   */
  leaf(exit: number, tuple: Int32Array): number {
    const shared = tuple[this.expander.agents];
    const known = this.contexts[exit].get(shared);
    if (known !== undefined) return known;
    let leaf = -1;
    try {
      leaf = this.execute(exit, tuple);
    } catch (error) {
      if (!isOfTheStep(error)) throw error;
    }
    this.contexts[exit].set(shared, leaf);
    return leaf;
  }

  /** The same, but what the step throws is thrown. */
  execute(exit: number, tuple: Int32Array): number {
    const { agent, expander } = this;
    const own = tuple[agent];
    tuple[agent] = this.exitImage.data[exit];
    try {
      return expander.leaf(agent, this.exitAction.data[exit], tuple);
    } finally {
      tuple[agent] = own;
    }
  }

  /** Calls `visit` for every image that local steps lead to, with the faults on the way; where they begin is left out. */
  reach(image: number, tuple: Int32Array, visit: (reached: number, faults: number) => void): void {
    const { agent, walk } = this;
    const own = tuple[agent];
    tuple[agent] = image;
    walk.run(agent, tuple);
    tuple[agent] = own;
    // The walk is used again by whatever `visit` asks.
    const images = walk.images.data.slice(0, walk.images.length);
    const faults = walk.faults.data.slice(0, images.length);
    for (let i = 1; i < images.length; i++) visit(images[i], faults[i]);
  }

  /** What bottom properties can see of an agent on its way from an image to its next visible step. */
  seenFrom(image: number, tuple: Int32Array): string {
    const { agent, looks } = this;
    const seen = new Set([looks.observed(agent, image)]);
    this.reach(image, tuple, (reached, faults) => {
      if (faults === 0) seen.add(looks.observed(agent, reached));
    });
    return [...seen].sort().join(';');
  }

  /** From now on these images are one only if what is seen on the way from them is. */
  watch(images: readonly number[]): void {
    for (const image of images) this.watched.add(image);
  }

  /** What can be seen has changed. `tuple` as in `node`. */
  relabel(tuple: Int32Array): void {
    for (const facts of this.nodes) {
      facts.label = this.labelOfNode(facts);
      if (this.watched.has(facts.image))
        facts.label = this.numbered(`${facts.label} on the way ${this.seenFrom(facts.image, tuple)}`);
    }
  }

  get bytes(): number {
    const { exitImage, exitAction, exitLabel, birth, nodeAt, exitAt } = this;
    let bytes = nodeAt.byteLength + this.labelBytes;
    for (const list of [exitImage, exitAction, exitLabel, birth]) bytes += list.bytes;
    for (const at of exitAt) bytes += at.byteLength;
    for (const { exits, rests, own } of this.nodes) bytes += 160 + 8 * (exits.length + rests.length + own.length);
    for (const tried of this.contexts) bytes += 120 + 32 * tried.size;
    return bytes;
  }

  private explain(image: number, tuple: Int32Array): NodeFacts {
    const { agent, closures, expander } = this;
    const shared = tuple[expander.agents];
    const closure = closures.of(agent, tuple);
    const exits: number[] = [];
    for (let i = closures.firstExit(closure); i < closures.endExit(closure); i += 3)
      exits.push(this.exit(closures.exits.data[i], closures.exits.data[i + 1], shared), closures.exits.data[i + 2]);
    const rests: number[] = [];
    for (let i = closures.firstRest(closure); i < closures.endRest(closure); i++) rests.push(closures.rests.data[i]);
    const own: number[] = [-1];
    let local = 0;
    for (const [action, { fault }] of expander.actions.entries()) {
      if (fault) continue;
      if (!expander.memo.isLocal(agent, action, image)) {
        const exit = this.exit(image, action, shared);
        if (action === 0) own[0] = exit;
        else own.push(exit);
      } else if (expander.enabled(agent, action, tuple)) local |= action === 0 ? 1 : 2;
    }
    const returns = this.isReturnedTo(rests, tuple);
    return { image, exits, rests, own, local, remarks: this.remarks(closure), returns, label: -1 };
  }

  private isReturnedTo(rests: readonly number[], tuple: Int32Array): boolean {
    const { agent, closures } = this;
    const image = tuple[agent];
    let returns = false;
    for (let i = 0; i < rests.length && !returns; i += 3) {
      tuple[agent] = rests[i];
      const closure = closures.of(agent, tuple);
      for (let k = closures.firstRest(closure); k < closures.endRest(closure); k += 3)
        if (closures.rests.data[k] === image) returns = true;
    }
    tuple[agent] = image;
    return returns;
  }

  private remarks(closure: number): string {
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

  /** Images that lead to each other are never one with another: whether they may be would depend on whether they are. */
  private labelOfNode({ image, local, remarks, returns }: NodeFacts): number {
    return this.numbered(`${local} ${remarks} ${returns ? image : ''} ${this.looks.observed(this.agent, image)}`);
  }

  private numbered(text: string): number {
    const known = this.labels.get(text);
    if (known !== undefined) return known;
    this.labels.set(text, this.labels.size);
    this.labelBytes += LABEL_BYTES + 2 * text.length;
    return this.labels.size - 1;
  }
}

/** Whether a step threw, not the search; that steps do something else from now on concerns the search. */
export const isOfTheStep = (error: unknown): boolean =>
  error instanceof OwnershipChanged ? error.conflict !== CHANGED_WAYS : !(error instanceof LimitReached);
