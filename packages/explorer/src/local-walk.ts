import { bottomComponents, type Edges } from './components.ts';
import type { Expander } from './expander.ts';
import { grown, Ints } from './ints.ts';

/** One step of an agent, as the memo knows it: which action from which image, and which of its outcomes. */
export interface Hop {
  readonly agent: number;
  /** The image of the agent before the step. */
  readonly image: number;
  readonly action: number;
  readonly outcome: number;
}

/**
 * Everything that one agent reaches by local steps alone, every fault alternative on the way included: breadth-first,
 * fewest faults first. The arrays hold the last walk and are reused by the next.
 */
export class LocalWalk {
  /** The images reached, the start first. */
  readonly images = new Ints();
  /** Faults taken on the way to each. */
  readonly faults = new Ints();
  /** Pairs (index into images, action): actions that look or reach outside the agent, so the walk ends before them. */
  readonly exits = new Ints();
  /** Triples (index into images, action, outcome): local steps about which some property had something to say. */
  readonly remarks = new Ints();

  private readonly parent = new Ints();
  private readonly parentAction = new Ints();
  private readonly parentOutcome = new Ints();
  private readonly pending = new Ints();
  private readonly edgeStarts = new Ints();
  private readonly edgeTargets = new Ints();
  private indexOf = new Int32Array(256);
  private agent = 0;

  constructor(private readonly expander: Expander) {}

  /**
   * Walks from image tuple[agent], to the end or until `goal` is reached. `tuple` is used as scratch and left as it was.
   * Executes a step only if that was never done with the agent at that image.
   */
  run(agent: number, tuple: Int32Array, goal?: number): void {
    const arrived = (): boolean => goal !== undefined && this.indexOf[goal] > 0;
    this.reset(agent);
    const start = tuple[agent];
    this.reach(start, 0, -1, -1, -1);
    for (let head = 0, level = 0; ; level++) {
      for (; head < this.images.length && !arrived(); head++) {
        this.edgeStarts.push(this.edgeTargets.length);
        tuple[agent] = this.images.data[head];
        for (let action = 0; action < this.expander.actions.length; action++) this.take(head, action, tuple);
      }
      if (this.pending.length === 0 || arrived()) break;
      this.releasePending(level + 1);
    }
    this.edgeStarts.push(this.edgeTargets.length);
    tuple[agent] = start;
  }

  /**
   * Calls `visit` with an image at which the agent can stay for good without a fault, as far as its local steps go:
   * where no local step is left, or (`diverges`) some image of a loop that it cannot leave.
   */
  rests(visit: (index: number, diverges: boolean) => void): void {
    bottomComponents(this.edges, (members, cyclic) => visit(this.least(members), cyclic));
  }

  /** The local steps from the start of the last walk to an image that it reached. */
  pathTo(image: number): Hop[] {
    const hops: Hop[] = [];
    for (let at = this.indexOf[image] - 1; this.parent.data[at] >= 0; at = this.parent.data[at]) {
      hops.push({
        agent: this.agent,
        image: this.images.data[this.parent.data[at]],
        action: this.parentAction.data[at],
        outcome: this.parentOutcome.data[at],
      });
    }
    return hops.reverse();
  }

  private get edges(): Edges {
    return { count: this.images.length, starts: this.edgeStarts.data, targets: this.edgeTargets.data };
  }

  private least(members: Int32Array): number {
    let least = members[0];
    for (const m of members) if (this.images.data[m] < this.images.data[least]) least = m;
    return least;
  }

  private take(index: number, action: number, tuple: Int32Array): void {
    const { expander, agent } = this;
    const { memo } = expander;
    if (!memo.knows(agent, action, tuple[agent])) expander.leaf(agent, action, tuple);
    if (!memo.isLocal(agent, action, tuple[agent])) {
      this.exits.push(index);
      this.exits.push(action);
      return;
    }
    const leaf = memo.find(agent, action, tuple);
    const { fault } = expander.actions[action];
    for (let outcome = memo.start(leaf); outcome < memo.end(leaf); outcome++) {
      if (memo.hasNote(outcome)) {
        this.remarks.push(index);
        this.remarks.push(action);
        this.remarks.push(outcome);
      }
      const written = memo.image(outcome, agent);
      const image = written < 0 ? tuple[agent] : written;
      if (fault) {
        this.pending.push(image);
        this.pending.push(index);
        this.pending.push(action);
        this.pending.push(outcome);
      } else {
        this.edgeTargets.push(this.reach(image, this.faults.data[index], index, action, outcome));
      }
    }
  }

  private reach(image: number, faults: number, parent: number, action: number, outcome: number): number {
    if (image >= this.indexOf.length) this.indexOf = grown(this.indexOf, image + 1);
    const known = this.indexOf[image];
    if (known !== 0) return known - 1;
    this.images.push(image);
    this.faults.push(faults);
    this.parent.push(parent);
    this.parentAction.push(action);
    this.parentOutcome.push(outcome);
    this.indexOf[image] = this.images.length;
    return this.images.length - 1;
  }

  /** What one fault more reaches first is walked after everything that does without it. */
  private releasePending(faults: number): void {
    const { data, length } = this.pending;
    for (let i = 0; i < length; i += 4) this.reach(data[i], faults, data[i + 1], data[i + 2], data[i + 3]);
    this.pending.length = 0;
  }

  private reset(agent: number): void {
    this.agent = agent;
    for (let i = 0; i < this.images.length; i++) this.indexOf[this.images.data[i]] = 0;
    const { images, faults, exits, remarks, parent, parentAction, parentOutcome, edgeStarts, edgeTargets } = this;
    for (const list of [images, faults, exits, remarks, parent, parentAction, parentOutcome, edgeStarts, edgeTargets])
      list.length = 0;
    this.pending.length = 0;
  }
}
