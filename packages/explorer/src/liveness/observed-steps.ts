import type { Expander } from '../expander.ts';
import type { Action, Execution, Steps } from '../steps.ts';
import type { Pending } from './pending.ts';

/**
 * The steps of an explored machine as somebody sees them who knows all the time whether a property has something pending for one
 * agent, the *observed* one. A step that changes this is visible, though it may touch nothing but the agent's own state: so no
 * local steps that are folded pass over a change. Where the answer depends on the state of others, so do the observed agent's steps.
 *
 * States are the same tuples of images as in the explored machine. What properties say about steps is left out.
 */
export class ObservedSteps implements Steps {
  readonly agents: number;
  readonly actions: readonly Action[];
  /** Owners beside the observed agent whose state the answer depended on so far, a mask. */
  foreign = 0;
  private readonly next: Int32Array;

  constructor(
    private readonly explored: Expander,
    private readonly pending: Pending,
    private readonly property: number,
    private readonly observed: number,
  ) {
    this.agents = explored.agents;
    this.actions = explored.actions;
    this.next = new Int32Array(explored.agents + 1);
  }

  /** Whether something is pending in a state. */
  isPending(tuple: Int32Array): boolean {
    this.foreign |= this.asked(tuple) & ~(1 << this.observed);
    return this.pending.holds(this.property, this.observed, tuple);
  }

  execute(agent: number, action: number, tuple: Int32Array): Execution {
    const { agents, explored } = this;
    const { memo } = explored;
    const leaf = explored.leaf(agent, action, tuple);
    const outcomes = Array.from({ length: memo.end(leaf) - memo.start(leaf) }, (_, i) => {
      const outcome = memo.start(leaf) + i;
      const images = Array.from(tuple, (_image, owner) => memo.image(outcome, owner));
      const stopped = images[agents] >= 0 && memo.isStopped(images[agents]);
      return { images, answers: memo.answersOf(outcome), note: undefined, stopped };
    });
    let touched = memo.owners(agent, action, tuple);
    if (agent === this.observed)
      for (let outcome = memo.start(leaf); outcome < memo.end(leaf); outcome++) touched |= this.noticed(tuple, outcome);
    return { touched, outcomes };
  }

  /** What shows, of a step of the observed agent, to whoever knows what is pending before it and after it. */
  private noticed(tuple: Int32Array, outcome: number): number {
    const { explored, next, agents } = this;
    explored.memo.apply(outcome, tuple, next);
    const changes = this.isPending(tuple) !== this.isPending(next);
    return this.asked(tuple) | this.asked(next) | (changes ? 1 << agents : 0);
  }

  /** The owners whose state it depends on whether something is pending, a mask. */
  private asked(tuple: Int32Array): number {
    return this.pending.owners(this.property, this.observed, tuple);
  }
}
