import type { Edge } from './graph.ts';

/** A transition system that can be searched. A state is a row of small integers, one an agent and one for what they share. */
export interface SearchGraph {
  /** The transition at hand. */
  readonly edge: Edge;
  readonly initial: Int32Array;
  /** Mask of agents that take every step as a transition of its own. */
  readonly stepwise: number;
  readonly bytes: number;
  /**
   * Grows whenever expanding a state finds out something that expanding it once more would not, or gives a number to
   * something new: expanding the states at which it grew, in the same order, teaches another graph as much.
   */
  readonly learnt: number;
  /** Whether all that a state is made of has been met; there are so many images of each owner. */
  knows(state: Int32Array, images: readonly number[]): boolean;
  /**
   * Calls `visit` for each transition out of a state. With `remarks`, local steps that violate something are transitions
   * as well: that is how a counterexample gets to them.
   */
  expand(state: Int32Array, visit: () => void, remarks: boolean): void;
  /** Whether an agent can take its own next step. */
  enabled(agent: number, state: Int32Array): boolean;
  /** The state of the graph that a tuple of images belongs to, which need not be one that a search meets. */
  stateOf(images: Int32Array): Int32Array;
  /** Triples (what stands for the agent, its image, faults on the way): where local steps may take the agent that passes the test. */
  stops(agent: number, state: Int32Array, test: (at: number) => boolean): number[];
  /** Calls `visit` for the transition by which an agent runs on to one of its `stops`. */
  run(state: Int32Array, agent: number, to: number, image: number, faults: number, visit: () => void): void;
}
