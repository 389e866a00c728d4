import type { Machine, Property } from '@checkstop/kernel';
import type { Archive } from './archive.ts';
import { Breadth } from './breadth.ts';
import { CheapestPaths, type Target } from './cheapest.ts';
import { Ends } from './ends.ts';
import { Expander } from './expander.ts';
import { GoalProof } from './goal-proof.ts';
import { Graph } from './graph.ts';
import { intoEnd } from './into-end.ts';
import type { Hop } from './local-walk.ts';
import { MachineSteps } from './machine-steps.ts';
import { MergedGraph } from './merge/merged-graph.ts';
import { Merging } from './merge/merging.ts';
import { Observed } from './merge/observed.ts';
import { Patience } from './merge/patience.ts';
import type { Leg } from './path.ts';
import { Sightings } from './sightings.ts';
import type { Note } from './steps.ts';
import { Frames, MAX_RENAMED } from './symmetry/frames.ts';
import { SymmetricGraph } from './symmetry/symmetric-graph.ts';
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
  /** What bottom properties look at, as far as is known: then images are merged, if no agent is exposed. */
  readonly merge?: Observed | undefined;
  /** Whether agents are taken for one as well. */
  readonly symmetric?: boolean;
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
  private search: Breadth;
  private readonly observed: Observed;
  private readonly merging: Merging | undefined;
  /** Beginnings with other images merged than before. */
  private guesses = 0;
  /** Merging was tried and is not worth it: nothing more comes of this attempt. */
  gaveUpMerging = false;
  private readonly patience = new Patience();
  private readonly maxStates: number;
  /** Invariants that do not even hold where the search begins. */
  private readonly brokenAtStart: readonly number[];
  private readonly seen = new Sightings('first');
  /** In states of which it is not known yet whether they can be. The last, since the graph searched now is likelier to know it. */
  private readonly glimpsed = new Sightings('last');
  private readonly ends: Ends;

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
    this.expander = new Expander(this.steps, options.maxExecuted, this.glimpse);
    if (machine.stopped) this.expander.memo.markStopped(this.steps.initial[this.steps.agents]);
    this.observed = options.merge ?? new Observed();
    this.ends = new Ends(machine, properties, this.expander, this.steps, this.observed, maxStates);
    try {
      this.brokenAtStart = this.steps.brokenAtStart;
      if (options.merge && !unreduced && exposed === 0)
        this.merging = new Merging(this.expander, this.steps, this.looks, this.remember, this.frames(options));
      this.search = new Breadth(this.plainGraph(unreduced ? (1 << this.steps.agents) - 1 : exposed));
    } catch (error) {
      this.dispose();
      throw error;
    }
  }

  /** The search for everything reachable. */
  get breadth(): Breadth {
    return this.search;
  }

  /** Whether everything reachable was found. */
  get complete(): boolean {
    return this.breadth.complete && !this.merged?.contradicted;
  }

  /** Expands one state more; begins again when images were merged that are not one. */
  expandNext(): void {
    this.firstGuess();
    if (!this.breadth.complete) this.breadth.expandNext();
    this.mindContradiction(this.breadth.expanded);
    this.giveUpGuess();
  }

  private firstGuess(): void {
    if (this.merging && this.guesses === 0) this.guessAgain();
  }

  /** So many states are expanded. */
  private mindContradiction(expanded: number): void {
    this.patience.mind(this.merged?.contradicted === true, expanded);
  }

  private giveUpGuess(): void {
    if (this.patience.isOver(this.breadth)) this.guessAgain();
  }

  /** What another attempt needs to get here, see `resume`: how often it has to guess, and what was found since. */
  save(a: Archive): void {
    a.number(this.guesses);
    this.breadth.archive(a);
  }

  /**
   * Gets, having just begun, to where another attempt was saved, a piece with each turn: first it makes the same guesses, then it
   * takes over what was found, then it learns from the same states as the other.
   */
  *resume(a: Archive): Generator<undefined, void> {
    const guesses = a.number(0);
    if (guesses > 0) this.firstGuess();
    while (this.guesses < guesses) {
      if (!this.complete) this.expandNext();
      else a.demand(!(yield* this.judgeBottoms()));
      a.demand(!this.gaveUpMerging && !this.asymmetric && this.newlyExposed === 0 && !this.steps.invariantReadsGrew);
      yield;
    }
    const { breadth, steps } = this;
    breadth.archive(a);
    a.end();
    const next = (): number => breadth.relearnNext(steps.imageCounts, (holds) => a.demand(holds));
    for (let state = next(); state >= 0; state = next()) {
      this.mindContradiction(state + 1);
      yield;
    }
    a.demand(breadth.hasRelearnt(steps.imageCounts));
    this.giveUpGuess();
  }

  /** Agents were taken for one, and it matters which is which: nothing more comes of this attempt. */
  get asymmetric(): boolean {
    return this.symmetric?.asymmetric === true;
  }

  /** The graph that is searched, if agents are taken for one in it. */
  get symmetric(): SymmetricGraph | undefined {
    return this.breadth.graph instanceof SymmetricGraph ? this.breadth.graph : undefined;
  }

  /** The graph that is searched, if it is a merged one. */
  get merged(): MergedGraph | undefined {
    return this.breadth.graph instanceof MergedGraph ? this.breadth.graph : undefined;
  }

  /** A path of the graph that is searched to what shows a property violated, in images. */
  lift(legs: readonly Leg[], property: number): readonly Leg[] {
    if (!this.merged || !this.merging) return legs;
    const { lifted, end } = this.merging.lift(this.merged, legs, this.target(property).remark);
    return this.properties[property].kind === 'bottom'
      ? [...lifted, ...intoEnd(this.expander, end, this.maxStates)]
      : lifted;
  }

  private readonly looks = (agent: number, image: number): string => this.steps.seen(this.observed, agent, image);

  private frames({ symmetric = false }: AttemptOptions): Frames | undefined {
    const { roles, agents } = this.steps;
    return symmetric && agents > 1 && agents <= MAX_RENAMED ? new Frames(roles, agents) : undefined;
  }

  private plainGraph(stepwise: number): Graph {
    return new Graph(this.expander, stepwise, this.steps.initial);
  }

  private guessAgain(): void {
    const expanded = this.guesses > 0 && !this.breadth.complete ? this.breadth.expanded : 0;
    this.patience.renew();
    this.seen.clear();
    this.ends.clear();
    const graph = this.merging?.guess(expanded);
    const search = graph && new Breadth(graph);
    this.guesses++;
    if (search) this.search = search;
    else this.gaveUpMerging = true;
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
    return (
      ends.bytes + steps.bytes + expander.memo.bytes + breadth.graph.bytes + breadth.bytes + (this.merging?.bytes ?? 0)
    );
  }

  /** The cheapest paths to these targets, in the graph that was searched; local steps are folded at least. */
  cheapest(targets: readonly Target[]): CheapestPaths {
    const { expander, breadth } = this;
    const isFolded = breadth.graph.stepwise === expander.exposed;
    return new CheapestPaths(expander, isFolded ? breadth.graph : this.plainGraph(expander.exposed), targets);
  }

  /** The same in the graph in which nothing is merged. */
  cheapestUnmerged(targets: readonly Target[]): CheapestPaths {
    return new CheapestPaths(this.expander, this.plainGraph(this.expander.exposed), targets);
  }

  /** Shows that goals which were met are reached indeed; nothing is left to show where nothing was merged. */
  goalProof(claimed: readonly string[]): GoalProof | undefined {
    return this.merged && new GoalProof(this.expander, this.steps.initial, claimed);
  }

  /** Indices of the properties that are violated somewhere, as far as is known. */
  get violated(): number[] {
    const all = new Set([...this.brokenAtStart, ...this.seen.properties, ...this.ends.violated]);
    return [...all].sort((a, b) => a - b);
  }

  /**
   * Asks the bottom properties about the complete graph, see {@link Ends.judge}. Answers no when that showed images to differ which were
   * merged: then the search goes on. A piece with each turn.
   *
   * @throws LimitReached when there are more states than allowed in an end
   */
  *judgeBottoms(): Generator<undefined, boolean> {
    if (yield* this.ends.judge(this.breadth, this.merging)) return true;
    if (this.asymmetric) return false;
    this.merging?.relabel();
    this.guessAgain();
    return false;
  }

  /** What a path that shows this property violated leads to. */
  target(property: number): Target {
    const { brokenAtStart } = this;
    const { initial } = this.breadth.graph;
    const end = this.ends.of(property);
    const atStart = brokenAtStart.includes(property);
    const isStart = (state: Int32Array): boolean => state.every((at, owner) => at === initial[owner]);
    return {
      remark: (note) => note.violations.some((violation) => violation.property === property),
      state: (state) => (atStart ? isStart(state) : end?.has(state) === true),
      stops: end?.stops,
    };
  }

  /** Indices of the properties that are likely violated, before the search is complete. */
  get suspected(): number[] {
    return [...new Set([...this.violated, ...this.glimpsed.properties])].sort((a, b) => a - b);
  }

  /** Some path that shows a violated property violated, for when the cheapest was not found. */
  anyPath(property: number): Leg[] {
    if (this.brokenAtStart.includes(property)) return [];
    const seen = this.seen.of(property) ?? this.glimpsed.of(property);
    if (seen) return [...this.breadth.pathTo(seen.state), seen.leg];
    return this.breadth.pathTo(this.ends.of(property)?.first ?? 0);
  }

  /** Whether the state in which the search began is in a bottom component that violates this property. */
  isViolatedAtStart(property: number): boolean {
    return this.ends.of(property)?.first === 0;
  }

  private readonly remember = (note: Note, leg: Leg): void => this.seen.add(note, this.breadth.expanding, leg);

  /** What is seen when a step is executed: where images are merged that may be in a state that cannot be. */
  private readonly glimpse = (note: Note, hop: Hop): void => {
    if (!this.merging) this.remember(note, hop);
    else this.glimpsed.add(note, this.breadth.expanding, this.merged?.legOf(hop) ?? hop);
  };
}
