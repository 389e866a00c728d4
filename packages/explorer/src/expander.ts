import { LimitReached } from './limits.ts';
import type { Hop } from './local-walk.ts';
import { StepMemo } from './memo.ts';
import type { Action, Note, Steps } from './steps.ts';

/** Bits of the agents in a footprint, the shared owner's left out. */
const agentBits = (touched: number, agents: number): number => touched & ((1 << agents) - 1);

/**
 * Every transition there is, executed when first asked for and remembered from then on.
 */
export class Expander {
  readonly memo: StepMemo;
  readonly agents: number;
  readonly actions: readonly Action[];
  /** Steps really executed, memo look-ups not counted. */
  executed = 0;
  /**
   * Bit a: some step of another agent touched the state of agent a. Then the steps of `a` that touch nothing else are
   * not independent of the others after all, and whoever reduces by that must treat them as visible.
   */
  exposed = 0;

  constructor(
    private readonly steps: Steps,
    /** Steps that may really be executed. */
    public maxExecuted = Number.POSITIVE_INFINITY,
    /** Told about every outcome that a property has something to say about, when it is executed. */
    private readonly onNote: (note: Note, hop: Hop) => void = () => {},
  ) {
    this.agents = steps.agents;
    this.actions = steps.actions;
    this.memo = new StepMemo(steps.agents, steps.actions.length);
  }

  /**
   * The leaf of the memo that holds the outcomes of `action` of `agent` in `tuple`.
   *
   * @throws LimitReached when it would have to be executed and no more executions are allowed
   */
  leaf(agent: number, action: number, tuple: Int32Array): number {
    const known = this.memo.find(agent, action, tuple);
    if (known >= 0) return known;
    if (this.executed >= this.maxExecuted) throw new LimitReached('executions');
    const execution = this.steps.execute(agent, action, tuple);
    this.executed++;
    this.exposed |= agentBits(execution.touched, this.agents) & ~(1 << agent);
    const leaf = this.memo.add(agent, action, tuple, execution);
    for (const [i, { note }] of execution.outcomes.entries())
      if (note) this.onNote(note, { agent, image: tuple[agent], action, outcome: this.memo.start(leaf) + i });
    return leaf;
  }

  /** Whether `action` of `agent` can be taken in `tuple`. */
  enabled(agent: number, action: number, tuple: Int32Array): boolean {
    const leaf = this.leaf(agent, action, tuple);
    return this.memo.end(leaf) > this.memo.start(leaf);
  }
}
