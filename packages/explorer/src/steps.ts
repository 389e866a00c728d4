/** A violation met in one step: index into the properties of the search, and what the property said. */
export interface Violation {
  readonly property: number;
  readonly text: string;
}

/** What properties had to say about one step. */
export interface Note {
  readonly violations: readonly Violation[];
  readonly goals: readonly string[];
}

/** One way a step can end; a step with choices inside ends in several. */
export interface Outcome {
  /** The image of each owner afterwards (agents 0..n-1, then shared); -1 where the step did not write. */
  readonly images: readonly number[];
  /** The answers to the choices inside the step that lead here. */
  readonly answers: readonly number[];
  /** Undefined when no property had anything to say, as after most steps. */
  readonly note: Note | undefined;
  /** The machine stopped in this step. */
  readonly stopped: boolean;
}

/** All that came of executing one action in one state. */
export interface Execution {
  /** Bit o: the step, or the test whether it may be taken, read or wrote the state of owner o (in any outcome). */
  readonly touched: number;
  /** Empty when the action is not available there. */
  readonly outcomes: readonly Outcome[];
}

/** One kind of action that each agent may take: its own step, or what an action source offers. */
export interface Action {
  readonly name: string;
  /** Counted against a counterexample, and never waited for. */
  readonly fault: boolean;
}

/**
 * Where transitions come from: the machine, really executed. The rest of the search sees integers only.
 * A state is a tuple of image numbers, one for each agent and one for the shared owner at the end.
 */
export interface Steps {
  readonly agents: number;
  readonly actions: readonly Action[];
  execute(agent: number, action: number, tuple: Int32Array): Execution;
}
