/** Whatever can be scheduled: for Checkstop a vCPU. */
export interface Agent {
  readonly name: string;
  /** Could it take a step now? A function of state, through accessors. */
  enabled(): boolean;
  /** Takes at least one and at most `budget` steps; returns how many. */
  step(budget: number): number;
}

/** What an alternative costs in a counterexample: faults are minimised first. */
export type CostClass = 'none' | 'fault';

/** Something other than a step that may happen to an agent, such as a machine check. Offered by a plugin, picked by the scheduler. */
export interface Offer {
  readonly action: string;
  readonly cost: CostClass;
  /** Could it happen to this agent now? Reads state and changes nothing. Never asked once the machine stopped. */
  available(agent: number): boolean;
  /** Makes it happen. */
  perform(agent: number): void;
}

/** One alternative of the choice "what happens next". */
export interface Alternative {
  readonly agent: number;
  /** `step`, or the action of an offer. */
  readonly action: string;
  readonly cost: CostClass;
}

/** What a plugin tells about the machine in words. */
export interface Description {
  /** What this agent's next step is: `0x0208 ori r3,r3,0xf004`. The first plugin that answers wins. */
  agent?(agent: number): string | undefined;
  /** Things worth a column of their own in a timeline, such as who holds a lock. */
  readonly lanes?: readonly Lane[];
}

/** A named value in words, as of now. */
export interface Lane {
  readonly name: string;
  /** The value now. */
  value(): string;
}
