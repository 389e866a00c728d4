import type { Expander } from '../expander.ts';
import { grown, Ints } from '../ints.ts';
import { OwnershipChanged } from '../ownership.ts';
import type { Note } from '../steps.ts';
import { type Behaviour, isOfTheStep } from './behaviour.ts';
import { Classes, type ExitClass } from './classes.ts';
import { said } from './leads.ts';
import type { Partition } from './partition.ts';

/** Integers of an outcome in a row: class of nodes, shared image, outcome of the memo. */
export const OUTCOME = 3;

/** One step, as a behaviour knows it: what was said of it, and where the member of a class that took it was. */
export interface Taken {
  readonly kind: number;
  readonly body: number;
  readonly action: number;
  readonly outcome: number;
}

/**
 * What classes of exits do, in each shared image in which somebody asked: tried with all of their members, which have to do
 * the same. Once they do not, the guess of what is one is wrong (`contradicted`).
 */
export class Rows {
  readonly classes: Classes;
  /** Members of one class were seen to differ. */
  contradicted = false;
  /** Rows that were asked for. */
  learnt = 0;
  /** What a class does in a shared image, as outcomes one after the other. */
  readonly data = new Ints();
  private readonly starts = new Ints();

  constructor(
    private readonly expander: Expander,
    private readonly behaviours: readonly Behaviour[],
    partitions: readonly Partition[],
    shared: number,
    /** Told of what properties say, once for each row in which it is said. */
    private readonly onNote: (note: Note, taken: Taken) => void,
  ) {
    this.classes = new Classes(behaviours, partitions, shared);
    this.starts.push(0);
  }

  /** The number of the row of a class of exits in a shared image. */
  of(at: number, shared: number): number {
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

  /** Where in `data` a row begins, and where it ends. */
  start(row: number): number {
    return this.starts.data[row];
  }

  end(row: number): number {
    return this.starts.data[row + 1];
  }

  /** Whether a class of exits can be taken in a shared image. */
  isEnabled(at: number, shared: number): boolean {
    const row = this.of(at, shared);
    return this.end(row) > this.start(row);
  }

  get bytes(): number {
    return this.data.bytes + this.starts.bytes + this.classes.bytes;
  }

  /**
   * By the first member that can take the step, and go on after it; others may have been tried in a state that cannot be.
   *
   * @throws whatever the step throws, if all members throw and nothing is contradicted: then some state that can be is like that
   */
  private record({ kind, action, members }: ExitClass, shared: number): number {
    const { data, starts } = this;
    const behaviour = this.behaviours[kind];
    const errors: unknown[] = [];
    for (let i = 0; i < members.length && errors.length === i; i++) {
      try {
        for (const value of this.row(kind, members[i], shared)) data.push(value);
        this.note(kind, behaviour.exitBody.data[members[i]], action);
      } catch (error) {
        if (!isOfTheStep(error)) throw error;
        errors.push(error);
      }
    }
    if (errors.length === members.length && !this.contradicted)
      throw errors.find((error) => error instanceof OwnershipChanged) ?? errors[0];
    starts.push(data.length);
    return starts.length - 2;
  }

  private row(kind: number, member: number, shared: number): number[] {
    const behaviour = this.behaviours[kind];
    const { memo } = this.expander;
    const leaf = behaviour.execute(member, shared);
    const row: number[] = [];
    for (let outcome = memo.start(leaf); outcome < memo.end(leaf); outcome++) {
      const next = behaviour.nextShared(member, outcome, shared);
      row.push(this.nextClass(kind, member, outcome, next), next, outcome);
    }
    return row;
  }

  /** Tells of what properties say in the row at the end. */
  private note(kind: number, body: number, action: number): void {
    const { data, starts, expander } = this;
    for (let i = starts.data[starts.length - 1]; i < data.length; i += OUTCOME) {
      const outcome = data.data[i + 2];
      const note = expander.memo.note(outcome);
      if (note) this.onNote(note, { kind, body, action, outcome });
    }
  }

  /** Whether a member does what its class does. */
  private check(exit: number, { kind, rows, members }: ExitClass, shared: number): void {
    const behaviour = this.behaviours[kind];
    const leaf = behaviour.leaf(exit, shared);
    try {
      const isLike = leaf >= 0 && behaviour.isVisible(exit) === behaviour.isVisible(members[0]);
      if (isLike && this.agrees(exit, leaf, rows[shared] - 1, kind, shared)) return;
    } catch (error) {
      // What follows cannot be executed: no class that can be behaves like that.
      if (!isOfTheStep(error)) throw error;
    }
    this.contradicted = true;
  }

  private agrees(exit: number, leaf: number, row: number, kind: number, shared: number): boolean {
    const behaviour = this.behaviours[kind];
    const { data } = this.data;
    const { memo } = this.expander;
    const first = memo.start(leaf);
    const end = this.end(row);
    if ((memo.end(leaf) - first) * OUTCOME !== end - this.start(row)) return false;
    const matched = new Set<number>();
    for (let outcome = first; outcome < memo.end(leaf); outcome++) {
      const next = behaviour.nextShared(exit, outcome, shared);
      let i = this.start(row);
      for (; i < end; i += OUTCOME)
        if (!matched.has(i) && data[i + 1] === next && said(memo, outcome) === said(memo, data[i + 2])) {
          // What is like one outcome may be like another as well.
          if (this.nextClass(kind, exit, outcome, next, data[i]) === data[i]) break;
        }
      if (i >= end) return false;
      matched.add(i);
    }
    return true;
  }

  private nextClass(kind: number, exit: number, outcome: number, shared: number, like = -1): number {
    const { classes } = this;
    classes.shared = shared;
    return classes.of(kind, this.behaviours[kind].nextBody(exit, outcome), like);
  }
}
