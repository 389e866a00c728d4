import { Breadth } from '../breadth.ts';
import { Expander } from '../expander.ts';
import { Graph } from '../graph.ts';
import type { MachineSteps } from '../machine-steps.ts';
import { MergedGraph } from '../merge/merged-graph.ts';
import { Merging } from '../merge/merging.ts';
import { Patience } from '../merge/patience.ts';
import type { Leg } from '../path.ts';
import { LocalWays } from './local-ways.ts';
import { ObservedSteps } from './observed-steps.ts';
import type { Pending } from './pending.ts';

/** A machine that was explored, and how. */
export interface Explored {
  readonly expander: Expander;
  readonly steps: Pick<MachineSteps, 'put' | 'initial' | 'placeOf'>;
  /** Agents, a mask, whose local steps were not folded. */
  readonly stepwise: number;
  /** Whether images were merged. */
  readonly merged: boolean;
}

/**
 * Searches once more all that can happen, as ObservedSteps shows it for one property and agent: with the reductions of the explored
 * graph, local steps folded and images merged. Nothing is executed for that but what the explored graph had no use for.
 *
 * Images may be one if besides doing the same they agree on what is pending and on whether local steps can go on for ever. So each
 * state of a class has the same pending, the same agents able to step, and the same steps: what a merged run shows, some run of the
 * machine shows, and the other way round. `images` gives one state of a class.
 */
export class ObservedSearch {
  readonly observed: ObservedSteps;
  readonly expander: Expander;
  readonly ways: LocalWays;
  private search: Breadth;
  private merging: Merging | undefined;
  private readonly patience = new Patience();
  private readonly row: Int32Array;

  constructor(
    private readonly explored: Explored,
    pending: Pending,
    property: number,
    readonly agent: number,
  ) {
    const { steps, merged, expander } = explored;
    this.observed = new ObservedSteps(expander, pending, property, agent);
    this.expander = new Expander(this.observed);
    const { initial } = steps;
    const { agents } = expander;
    if (expander.memo.isStopped(initial[agents])) this.expander.memo.markStopped(initial[agents]);
    this.ways = new LocalWays(this.expander);
    this.row = new Int32Array(initial.length);
    if (merged) this.merging = new Merging(this.expander, steps, this.looks, () => {});
    this.search = this.begin(0);
  }

  /** The search at hand: it changes when it begins again. */
  get breadth(): Breadth {
    return this.search;
  }

  get complete(): boolean {
    return this.search.complete && !this.mergedGraph?.contradicted;
  }

  get bytes(): number {
    const { expander, ways, search, merging } = this;
    return expander.memo.bytes + ways.bytes + search.bytes + search.graph.bytes + (merging?.bytes ?? 0);
  }

  /**
   * Expands one state more; begins again when images were merged that are not one, or steps were folded on which others, or what is pending, depend.
   *
   * @throws LimitReached, OwnershipChanged
   */
  expandNext(): void {
    const { search, mergedGraph: graph, observed, row, patience } = this;
    if (!search.complete) {
      search.table.read(search.expanded, row);
      observed.isPending(this.images(row));
      search.expandNext();
    }
    patience.mind(graph?.contradicted === true, search.expanded);
    if ((this.exposed & ~search.graph.stepwise) !== 0 || (graph && observed.foreign !== 0)) {
      this.merging = undefined;
      this.search = this.begin(0);
    } else if (patience.isOver(search)) this.search = this.begin(search.complete ? 0 : search.expanded);
  }

  /** Images that are in a state of the search, given as its row. */
  images(row: Int32Array): Int32Array {
    return this.mergedGraph?.representatives(row)[0] ?? row;
  }

  /** A path from `from` in images that does what one of the graph does, and where it ends. */
  lift(legs: readonly Leg[], from: Int32Array): { readonly lifted: readonly Leg[]; readonly end: Int32Array } {
    const { mergedGraph, merging, expander } = this;
    if (mergedGraph && merging) return merging.lift(mergedGraph, legs, () => false, from);
    const end = Int32Array.from(from);
    for (const { agent, image, outcome } of legs) {
      end[agent] = image;
      if (outcome >= 0) expander.memo.apply(outcome, end, end);
    }
    return { lifted: legs, end };
  }

  /** Begins a search, after one that was given up with so many states expanded. */
  private begin(expanded: number): Breadth {
    this.patience.renew();
    const { expander, explored, merging } = this;
    const graph = merging?.guess(expanded);
    return new Breadth(graph ?? new Graph(expander, explored.stepwise | this.exposed, explored.steps.initial));
  }

  /** Agents, a mask, on whose local steps others, or what is pending, may depend. */
  private get exposed(): number {
    const { expander, observed } = this;
    return expander.exposed | (observed.foreign & ((1 << expander.agents) - 1));
  }

  private get mergedGraph(): MergedGraph | undefined {
    return this.search.graph instanceof MergedGraph ? this.search.graph : undefined;
  }

  private readonly looks = (agent: number, image: number): string => {
    const tuple = Int32Array.from(this.explored.steps.initial);
    tuple[agent] = image;
    const pending = agent === this.agent && this.observed.isPending(tuple);
    return `${pending} ${this.ways.loop(agent, tuple) >= 0}`;
  };
}
