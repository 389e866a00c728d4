import { LimitReached } from './limits.ts';
import type { SearchGraph } from './search-graph.ts';
import { StateTable } from './visited.ts';

/** Bytes of an image in a set, roughly. */
const SET_BYTES = 40;

/** The ends that violate a property: every single state of them, local steps not folded. */
export class EndTable {
  /** The first state of the search's own table that is one of them; -1 before there is one. */
  first = -1;
  private readonly states: StateTable;
  private readonly tuple: Int32Array;

  constructor(
    /** By agent: what stands for it in these states. */
    readonly stops: readonly Set<number>[],
    private readonly maxStates: number,
  ) {
    this.states = new StateTable(stops.length + 1);
    this.tuple = new Int32Array(stops.length + 1);
  }

  get bytes(): number {
    return this.states.bytes + this.stops.reduce((sum, set) => sum + SET_BYTES * set.size, 0);
  }

  has(tuple: Int32Array): boolean {
    return this.states.find(tuple) >= 0;
  }

  /**
   * Takes in an end, given in images; `indexOf` knows the states of the search's own table.
   *
   * @throws LimitReached
   */
  add(end: StateTable, graph: SearchGraph, indexOf: (state: Int32Array) => number): void {
    const { states, tuple, stops } = this;
    for (let i = 0; i < end.count; i++) {
      end.read(i, tuple);
      const state = graph.stateOf(tuple);
      states.add(state);
      for (const [agent, set] of stops.entries()) set.add(state[agent]);
      const index = indexOf(state);
      if (index >= 0 && (this.first < 0 || index < this.first)) this.first = index;
    }
    if (states.count > this.maxStates) throw new LimitReached('states');
  }
}
