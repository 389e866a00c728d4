import type { BottomProperty, Machine, Property } from '@checkstop/kernel';
import type { Breadth } from './breadth.ts';
import { EndTable } from './end-table.ts';
import type { Expander } from './expander.ts';
import { Graph } from './graph.ts';
import type { MachineSteps } from './machine-steps.ts';
import { MergedGraph } from './merge/merged-graph.ts';
import type { Merging } from './merge/merging.ts';
import type { Observed } from './merge/observed.ts';
import { reachableWhere } from './reachable.ts';
import { SymmetricGraph } from './symmetry/symmetric-graph.ts';

/** Whether a bottom property has something to say about a state. */
type Complains = (images: Int32Array) => boolean;

/** The bottom components of a complete search that violate bottom properties: ends that cannot be left. */
export class Ends {
  /** By property. */
  private readonly tables = new Map<number, EndTable>();

  constructor(
    private readonly machine: Machine,
    private readonly properties: readonly Property[],
    private readonly expander: Expander,
    private readonly steps: MachineSteps,
    /** What bottom properties look at. */
    private readonly observed: Observed,
    /** Of an end. */
    private readonly maxStates: number,
  ) {}

  /** Indices of the properties that some end violates. */
  get violated(): Iterable<number> {
    return this.tables.keys();
  }

  get bytes(): number {
    return [...this.tables.values()].reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** The ends that violate this property. */
  of(property: number): EndTable | undefined {
    return this.tables.get(property);
  }

  /** Another graph is searched. */
  clear(): void {
    this.tables.clear();
  }

  /**
   * Asks the bottom properties about the complete graph. One is violated by a bottom component in which the machine did
   * not stop and in every state of which it has something to say: whatever is wrong there never passes. Local steps may
   * be folded, and then the graph shows few of those states, so they are walked through step by step.
   *
   * Answers no when that showed images to differ which were merged, or that it matters which agent is which: then nothing is known.
   * A piece with each turn; to be told (`return`) when it is not to be gone on with.
   *
   * @throws LimitReached when there are more states than allowed in an end
   */
  *judge(breadth: Breadth, merging: Merging | undefined): Generator<undefined, boolean> {
    const { observed, properties, expander, steps } = this;
    const merged = breadth.graph instanceof MergedGraph ? breadth.graph : undefined;
    const symmetric = breadth.graph instanceof SymmetricGraph ? breadth.graph : undefined;
    const judges = [...properties.entries()].flatMap(([index, property]) =>
      property.kind === 'bottom' ? [{ index, complains: this.complaint(property) }] : [],
    );
    if (judges.length === 0) return !symmetric?.asymmetric;
    const stepwise = new Graph(expander, (1 << expander.agents) - 1, steps.initial);
    const seenBefore = observed.count;
    const inEnds = setPerKind(expander.agents, merged);
    let alike = false;
    const isSure = (): boolean => !merged || (alike && observed.count === seenBefore && !symmetric?.asymmetric);
    const bottoms: number[] = [];
    try {
      breadth.bottoms((members) => {
        if (merged) this.collect(members, breadth, inEnds);
        bottoms.push(members[0]);
      });
      for (const state of bottoms) {
        const row = this.rowOf(state, breadth);
        const firsts = merged?.representatives(row) ?? [row];
        for (const { index, complains } of judges) {
          const verdicts = new Set<boolean>();
          for (const first of firsts) verdicts.add(yield* this.walk(stepwise, first, index, complains, breadth));
          if (verdicts.size > 1) symmetric?.deny();
        }
      }
    } finally {
      // Asked of all ends at once, since they share most of their classes; however far it got.
      alike = !merged || !merging || merging.looksAlike(merged, inEnds);
      if (!isSure()) this.clear();
    }
    return isSure();
  }

  /** Walks through the end that these images are in; answers whether it violates the property, and remembers it if so. */
  private *walk(
    stepwise: Graph,
    first: Int32Array,
    index: number,
    complains: Complains,
    breadth: Breadth,
  ): Generator<undefined, boolean> {
    const { tables, expander, maxStates } = this;
    const component = yield* reachableWhere(stepwise, first, complains, maxStates);
    if (!component) return false;
    const merged = breadth.graph instanceof MergedGraph ? breadth.graph : undefined;
    const table = tables.get(index) ?? new EndTable(setPerKind(expander.agents, merged), maxStates);
    tables.set(index, table);
    table.add(component, breadth.graph, (state) => breadth.table.find(state));
    return true;
  }

  /** Notes what stands for each agent in an end in which the machine did not stop. */
  private collect(members: Int32Array, breadth: Breadth, classes: readonly Set<number>[]): void {
    const { agents, memo } = this.expander;
    for (const state of members) {
      const row = this.rowOf(state, breadth);
      if (!memo.isStopped(row[agents])) for (const [agent, set] of classes.entries()) set.add(row[agent]);
    }
  }

  /** A state of the search: what stands for each agent, and the shared image. */
  private rowOf(state: number, { table }: Breadth): Int32Array {
    const row = new Int32Array(this.expander.agents + 1);
    table.read(state, row);
    return row;
  }

  /** The test whether a bottom property has something to say about a state; where the machine stopped, none has. */
  private complaint(property: BottomProperty): Complains {
    const { machine, expander, observed, steps } = this;
    return (images) => {
      if (expander.memo.isStopped(images[steps.agents])) return false;
      steps.put(images);
      return observed.check(machine.arena, property) !== undefined;
    };
  }
}

/** By agent: a set of its own, or the same for those whose classes are the same. */
function setPerKind(agents: number, merged: MergedGraph | undefined): Set<number>[] {
  const kinds: Set<number>[] = [];
  return Array.from({ length: agents }, (_, agent) => {
    const kind = merged?.kindOf(agent) ?? agent;
    kinds[kind] ??= new Set();
    return kinds[kind];
  });
}
