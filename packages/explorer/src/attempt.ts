import type { Machine, Property } from '@checkstop/kernel';
import { Breadth } from './breadth.ts';
import { CheapestPaths, type Target } from './cheapest.ts';
import { EndTable } from './end-table.ts';
import { Expander } from './expander.ts';
import { Graph } from './graph.ts';
import { MachineSteps } from './machine-steps.ts';
import type { Leg } from './path.ts';
import { reachableWhere } from './reachable.ts';
import type { Note } from './steps.ts';
import { type Tagging, Watch } from './watch.ts';

/** What an attempt rests on. */
export interface AttemptOptions {
  readonly taggings?: readonly Tagging[] | undefined;
  /** Agents whose state others touch, a mask: their local steps are not folded. */
  readonly exposed?: number;
  /** By property: the owners that an invariant reads, as far as is known; grows. */
  readonly invariantReads?: number[];
  /** Every step of every agent is interleaved. */
  readonly unreduced?: boolean;
  /** Whether faults may strike. */
  readonly faults?: boolean;
  readonly maxExecuted?: number;
  /** Of an end whose states are asked one by one. */
  readonly maxStates?: number;
}

/**
 * One attempt at exploring everything, resting on what is believed about who touches what. It listens on the machine's
 * bus until it is disposed.
 */
export class Attempt {
  readonly watch: Watch;
  readonly steps: MachineSteps;
  readonly expander: Expander;
  readonly breadth: Breadth;
  private readonly everyAgent: number;
  private readonly maxStates: number;
  /** Invariants that do not even hold where the search begins. */
  private readonly brokenAtStart: readonly number[];
  /** By property: the first step that was seen to violate it, and the state being expanded when it was. */
  private readonly seen = new Map<number, { readonly state: number; readonly leg: Leg }>();
  /** By property: the ends that violate it. */
  private readonly ends = new Map<number, EndTable>();

  /** @throws OwnershipChanged when an invariant reads memory that is believed to be another's */
  constructor(
    machine: Machine,
    private readonly properties: readonly Property[],
    options: AttemptOptions,
  ) {
    const { exposed = 0, unreduced = false, faults = true, maxStates = Number.POSITIVE_INFINITY } = options;
    this.maxStates = maxStates;
    this.watch = new Watch(machine, properties, options.taggings);
    this.steps = new MachineSteps(machine, this.watch, faults, options.invariantReads ?? []);
    this.expander = new Expander(this.steps, options.maxExecuted, this.remember);
    if (machine.stopped) this.expander.memo.markStopped(this.steps.initial[this.steps.agents]);
    this.everyAgent = (1 << this.steps.agents) - 1;
    const graph = new Graph(this.expander, unreduced ? this.everyAgent : exposed);
    this.breadth = new Breadth(graph, this.steps.initial);
    try {
      this.brokenAtStart = this.steps.brokenAtStart;
    } catch (error) {
      this.dispose();
      throw error;
    }
  }

  /** Listens no more; what was found out stays. */
  dispose(): void {
    this.watch.dispose();
  }

  /** Agents that were found exposed although local steps of theirs are folded. */
  get newlyExposed(): number {
    return this.expander.exposed & ~this.breadth.graph.stepwise;
  }

  get bytes(): number {
    const { steps, expander, breadth, ends } = this;
    const bytes = [...ends.values()].reduce((sum, end) => sum + end.bytes, 0);
    return bytes + steps.bytes + expander.memo.bytes + breadth.graph.bytes + breadth.bytes;
  }

  /** The cheapest paths to these targets, in the graph with local steps folded, whatever was searched. */
  cheapest(targets: readonly Target[]): CheapestPaths {
    const { steps, expander, breadth } = this;
    const isFolded = breadth.graph.stepwise === expander.exposed;
    return new CheapestPaths(
      expander,
      isFolded ? breadth.graph : new Graph(expander, expander.exposed),
      targets,
      steps.initial,
    );
  }

  /** Indices of the properties that are violated somewhere, as far as is known. */
  get violated(): number[] {
    const all = new Set([...this.brokenAtStart, ...this.seen.keys(), ...this.ends.keys()]);
    return [...all].sort((a, b) => a - b);
  }

  /**
   * Asks the bottom properties about the complete graph. One is violated by a bottom component in which the machine did
   * not stop and in every state of which it has something to say: whatever is wrong there never passes. Local steps may
   * be folded, and then the graph shows few of those states, so they are walked through step by step.
   *
   * @throws LimitReached when there are more of them than allowed
   */
  judgeBottoms(): void {
    const { breadth, everyAgent, expander, maxStates, ends } = this;
    const stepwise = new Graph(expander, everyAgent);
    const first = new Int32Array(expander.agents + 1);
    const judges = [...this.properties.entries()].flatMap(([index, property]) =>
      property.kind === 'bottom' ? [{ index, complains: this.complaint(() => property.check()) }] : [],
    );
    if (judges.length === 0) return;
    breadth.bottoms((members) => {
      breadth.table.read(members[0], first);
      for (const { index, complains } of judges) {
        const component = reachableWhere(stepwise, first, complains, maxStates);
        if (!component) continue;
        const end = ends.get(index) ?? new EndTable(expander.agents, maxStates);
        ends.set(index, end);
        end.add(component, (tuple) => breadth.table.find(tuple));
      }
    });
  }

  /** What a path that shows this property violated leads to. */
  target(property: number): Target {
    const { brokenAtStart, steps } = this;
    const end = this.ends.get(property);
    const atStart = brokenAtStart.includes(property);
    const isStart = (tuple: Int32Array): boolean => tuple.every((image, owner) => image === steps.initial[owner]);
    return {
      remark: (note) => note.violations.some((violation) => violation.property === property),
      state: (tuple) => (atStart ? isStart(tuple) : end?.has(tuple) === true),
      stops: end?.images,
    };
  }

  /** Some path that shows a violated property violated, for when the cheapest was not found. */
  anyPath(property: number): Leg[] {
    if (this.brokenAtStart.includes(property)) return [];
    const seen = this.seen.get(property);
    if (seen) return [...this.breadth.pathTo(seen.state), seen.leg];
    return this.breadth.pathTo(this.ends.get(property)?.first ?? 0);
  }

  /** Whether the state in which the search began is in a bottom component that violates this property. */
  isViolatedAtStart(property: number): boolean {
    return this.ends.get(property)?.first === 0;
  }

  private readonly remember = ({ violations }: Note, leg: Leg): void => {
    for (const { property } of violations)
      if (!this.seen.has(property)) this.seen.set(property, { state: this.breadth.expanded, leg });
  };

  /** The test whether a bottom property has something to say about a state; where the machine stopped, none has. */
  private complaint(check: () => string | undefined): (tuple: Int32Array) => boolean {
    const { expander, steps } = this;
    return (tuple) => {
      if (expander.memo.isStopped(tuple[steps.agents])) return false;
      steps.put(tuple);
      return check() !== undefined;
    };
  }
}
