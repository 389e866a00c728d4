import { grown, Ints } from './ints.ts';
import type { Execution, Note } from './steps.ts';

const MIN_SLOTS = 1024;
/** Interleaved in the table: node, image, link, spare (so that an entry does not straddle a cache line). */
const ENTRY = 4;
/** Bytes that a list, and a number or reference in one, takes, roughly; a character of a text counts as two. */
const LIST_BYTES = 64;
const ITEM_BYTES = 8;
const NO_ANSWERS: readonly number[] = [];

/**
 * Remembers every executed step, keyed by exactly the part of the state it depended on.
 *
 * A step is deterministic until it looks outside, so its dependence is a decision tree: look at the agent's own image;
 * either the outcome is known, or one more owner must be asked (a lock in shared state, say), and so on. A step that
 * never asks beyond its own agent is *local*, and that is a fact about the agent's image, whatever the others hold.
 *
 * A link is 0 (unknown), leaf + 1, or -(node + 1). The first level is an array per agent and action, indexed by image;
 * deeper levels share one open-addressed table keyed by (node, image). A look-up allocates nothing.
 */
export class StepMemo {
  /** Per leaf: its first outcome and one past its last. */
  private readonly leafStart = new Ints();
  /** Per outcome: the image of each owner, -1 for unchanged. */
  private readonly images = new Ints();
  private readonly noteOf = new Ints();
  private readonly answers: (readonly number[])[] = [];
  private readonly notes: (Note | undefined)[] = [undefined];
  /** Bytes of the answers and notes, roughly. */
  private loose = 0;
  private readonly roots: Int32Array[];
  /** Per agent and action, by image: 1 where it looked or reached outside while the machine ran. */
  private readonly looked: Uint8Array[];
  private readonly asks = new Ints();
  private table = new Int32Array(MIN_SLOTS * ENTRY);
  private entries = 0;
  private stoppedShared = new Uint8Array(64);
  private readonly width: number;

  constructor(
    readonly agents: number,
    private readonly actions: number,
  ) {
    this.width = agents + 1;
    this.roots = Array.from({ length: agents * actions }, () => new Int32Array(256));
    this.looked = this.roots.map(() => new Uint8Array(256));
    this.leafStart.push(0);
  }

  /** The leaf for `action` of `agent` in `tuple`, or -1 when it has to be executed first. */
  find(agent: number, action: number, tuple: Int32Array): number {
    let link = this.root(agent, action, tuple[agent]);
    while (link < 0) {
      const node = -link - 1;
      link = this.table[this.slotOf(node, tuple[this.asks.data[node]]) + 2];
    }
    return link - 1;
  }

  /** Whether `action` was executed before with its agent at `image`, whatever the others held. */
  knows(agent: number, action: number, image: number): boolean {
    return this.root(agent, action, image) !== 0;
  }

  /** Whether `action` is known to depend on nothing but `image` of its own agent. */
  isLocal(agent: number, action: number, image: number): boolean {
    return this.root(agent, action, image) > 0;
  }

  /**
   * Whether another agent could notice `action`. Not the same as not being local: one that was tried in a machine that had stopped
   * depends on that, and where the machine runs it may touch nothing but its own agent all the same.
   */
  isVisible(agent: number, action: number, image: number): boolean {
    const looked = this.looked[agent * this.actions + action];
    return image < looked.length && looked[image] !== 0;
  }

  /** The owners that what `action` of `agent` does in `tuple` depends on, a mask; it was executed there before. */
  owners(agent: number, action: number, tuple: Int32Array): number {
    let owners = 1 << agent;
    for (let link = this.root(agent, action, tuple[agent]); link < 0; ) {
      const node = -link - 1;
      const owner = this.asks.data[node];
      owners |= 1 << owner;
      link = this.table[this.slotOf(node, tuple[owner]) + 2];
    }
    return owners;
  }

  /** Stores what executing `action` of `agent` in `tuple` gave; answers with its leaf. */
  add(agent: number, action: number, tuple: Int32Array, execution: Execution): number {
    this.reserve();
    const leaf = this.addLeaf(execution);
    let remaining = execution.touched & ~(1 << agent);
    if (remaining !== 0 && !this.isStopped(tuple[this.agents])) this.markVisible(agent, action, tuple[agent]);
    let link = this.root(agent, action, tuple[agent]);
    let at = -1;
    const set = (value: number): void => {
      if (at < 0) this.setRoot(agent, action, tuple[agent], value);
      else this.table[at + 2] = value;
    };
    while (link < 0 || remaining !== 0) {
      if (link === 0) {
        // The shared owner has the highest bit: ask it first, most steps that look outside look there.
        link = -this.asks.length - 1;
        this.asks.push(31 - Math.clz32(remaining));
        set(link);
      }
      const node = -link - 1;
      const owner = this.asks.data[node];
      remaining &= ~(1 << owner);
      at = this.claim(node, tuple[owner]);
      link = this.table[at + 2];
    }
    set(leaf + 1);
    return leaf;
  }

  /** First outcome of a leaf; its last is before `end(leaf)`. */
  start(leaf: number): number {
    return this.leafStart.data[leaf];
  }

  end(leaf: number): number {
    return this.leafStart.data[leaf + 1];
  }

  /** Writes into `next` the state that `outcome` makes of `tuple`. */
  apply(outcome: number, tuple: Int32Array, next: Int32Array): void {
    const images = this.images.data;
    const start = outcome * this.width;
    for (let o = 0; o < this.width; o++) {
      const image = images[start + o];
      next[o] = image < 0 ? tuple[o] : image;
    }
  }

  /** The image of `owner` after `outcome`, -1 for unchanged. */
  image(outcome: number, owner: number): number {
    return this.images.data[outcome * this.width + owner];
  }

  /** What properties said about `outcome`. */
  note(outcome: number): Note | undefined {
    return outcome < 0 ? undefined : this.notes[this.noteOf.data[outcome]];
  }

  hasNote(outcome: number): boolean {
    return this.noteOf.data[outcome] !== 0;
  }

  answersOf(outcome: number): readonly number[] {
    return this.answers[outcome];
  }

  /** Whether the machine is stopped in every state with this shared image. */
  isStopped(shared: number): boolean {
    return shared < this.stoppedShared.length && this.stoppedShared[shared] !== 0;
  }

  get bytes(): number {
    let bytes = this.table.byteLength + this.images.bytes + this.leafStart.bytes + this.noteOf.bytes + this.asks.bytes;
    bytes += this.loose + ITEM_BYTES * this.answers.length;
    for (const list of [...this.roots, ...this.looked]) bytes += list.byteLength;
    return bytes;
  }

  private addLeaf(execution: Execution): number {
    for (const outcome of execution.outcomes) {
      const { images, answers, note } = outcome;
      for (const image of images) this.images.push(image);
      this.answers.push(answers.length > 0 ? answers : NO_ANSWERS);
      this.noteOf.push(note ? this.notes.push(note) - 1 : 0);
      if (answers.length > 0) this.loose += LIST_BYTES + ITEM_BYTES * answers.length;
      if (note) this.loose += bytesOf(note);
      if (outcome.stopped) this.markStopped(outcome.images[this.agents]);
    }
    this.leafStart.push(this.answers.length);
    return this.leafStart.length - 2;
  }

  /** The machine is stopped in every state with this shared image. */
  markStopped(shared: number): void {
    if (shared >= this.stoppedShared.length) this.stoppedShared = widened(this.stoppedShared, shared + 1);
    this.stoppedShared[shared] = 1;
  }

  private markVisible(agent: number, action: number, image: number): void {
    const at = agent * this.actions + action;
    if (image >= this.looked[at].length) this.looked[at] = widened(this.looked[at], image + 1);
    this.looked[at][image] = 1;
  }

  private root(agent: number, action: number, image: number): number {
    const root = this.roots[agent * this.actions + action];
    return image < root.length ? root[image] : 0;
  }

  private setRoot(agent: number, action: number, image: number, link: number): void {
    const at = agent * this.actions + action;
    if (image >= this.roots[at].length) this.roots[at] = grown(this.roots[at], image + 1);
    this.roots[at][image] = link;
  }

  /** Where (node, image) stands, or the empty slot where it would; an empty slot's link reads as unknown. */
  private slotOf(node: number, image: number): number {
    const { table } = this;
    const mask = table.length / ENTRY - 1;
    let h = Math.imul(node ^ Math.imul(image, 0x9e3779b1), 0x85ebca6b);
    h ^= h >>> 15;
    for (let slot = h & mask; ; slot = (slot + 1) & mask) {
      const at = slot * ENTRY;
      if (table[at + 2] === 0 || (table[at] === node && table[at + 1] === image)) return at;
    }
  }

  private claim(node: number, image: number): number {
    const at = this.slotOf(node, image);
    if (this.table[at + 2] === 0) {
      this.table[at] = node;
      this.table[at + 1] = image;
      this.entries++;
    }
    return at;
  }

  /** Room for one more path through the tree: at most one entry an owner. */
  private reserve(): void {
    const slots = this.table.length / ENTRY;
    if ((this.entries + this.width) * 2 < slots) return;
    const old = this.table;
    this.table = new Int32Array(old.length * 2);
    this.entries = 0;
    for (let at = 0; at < old.length; at += ENTRY) {
      if (old[at + 2] !== 0) this.table[this.claim(old[at], old[at + 1]) + 2] = old[at + 2];
    }
  }
}

function widened(flags: Uint8Array, length: number): Uint8Array<ArrayBuffer> {
  const wider = new Uint8Array(Math.max(length, flags.length * 2));
  wider.set(flags);
  return wider;
}

function bytesOf({ violations, goals }: Note): number {
  const texts = [...violations.map(({ text }) => text), ...goals];
  return texts.reduce((bytes, text) => bytes + LIST_BYTES + 2 * text.length, 2 * LIST_BYTES);
}
