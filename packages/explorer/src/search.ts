import type { Machine, Property, Snapshot } from '@checkstop/kernel';
import { Attempt } from './attempt.ts';
import type { CheapestPaths, Target } from './cheapest.ts';
import { LimitReached, type Limits } from './limits.ts';
import { claimAnew, OwnershipChanged, promote } from './ownership.ts';
import { recordRun, recordViolation } from './recorder.ts';
import type { Counterexample, Progress, Result } from './result.ts';
import { scout } from './scout.ts';
import type { Tagging } from './watch.ts';

/** How to explore. */
export interface ExploreOptions {
  /** `reduced` folds local steps; `unreduced` interleaves every step. They give the same verdicts. Default `reduced`. */
  readonly mode?: 'reduced' | 'unreduced';
  /** Default: those that the machine's plugins brought. */
  readonly properties?: readonly Property[];
  readonly limits?: Limits;
  /** The caller's clock in milliseconds, for limits.milliseconds; the explorer has none of its own. */
  readonly now?: () => number;
  /** Goes into the replay tokens: whatever the caller needs to compose the machine again. Plain data. */
  readonly config?: unknown;
  /** What the coverage shall tell beside the faults themselves. */
  readonly outcomes?: readonly Tagging[];
}

const DEFAULTS = { states: 20e6, bytes: 1.5 * 2 ** 30, executions: 5e6, milliseconds: Number.POSITIVE_INFINITY };

/** Work between two looks at the clock and the memory. */
const SLICE = 1000;

/** Any goal will do for a witness. */
const ANY_GOAL: Target = { remark: (note) => note.goals.length > 0, state: () => false };

/**
 * Begins to explore everything that can happen from the state the machine is in. The search advances in slices, so that
 * it can be watched, limited and interrupted:
 *
 * ```ts
 * const search = explore(machine);
 * while (!search.done) search.advance(20_000);
 * console.log(search.result().verdict);
 * ```
 *
 * Until `result()` the machine belongs to the search; after it, it is back in the state it was in.
 */
export function explore(machine: Machine, options: ExploreOptions = {}): Search {
  return new Search(machine, options);
}

/** A search under way, see {@link explore}. */
export class Search {
  private readonly start: Snapshot;
  private readonly properties: readonly Property[];
  private readonly limits: Required<Limits>;
  private readonly startedAt: number;
  private readonly restoreOwners: () => void;
  private attempt: Attempt;
  private phase: Progress['phase'] = 'search';
  private exposed: number;
  private readonly invariantReads: number[] = [];
  private restarts = 0;
  /** Steps that attempts executed which were given up. */
  private executedBefore = 0;
  /** Cheapest paths to the violated properties, in their order, or to a goal. */
  private paths: CheapestPaths | undefined;
  private outcome: Result | undefined;

  /** Use {@link explore}. */
  constructor(
    private readonly machine: Machine,
    private readonly options: ExploreOptions,
  ) {
    this.properties = options.properties ?? machine.properties;
    this.limits = { ...DEFAULTS, ...options.limits };
    this.startedAt = options.now?.() ?? 0;
    this.start = machine.arena.snapshot();
    this.restoreOwners = claimAnew(machine.arena);
    try {
      this.exposed = scout(machine);
      this.attempt = this.begin();
    } catch (error) {
      this.giveBack();
      throw error;
    }
  }

  /** Whether there is nothing left to do: all is explored, or a limit was met. */
  get done(): boolean {
    return this.phase === 'done';
  }

  /** How far it is. */
  progress(): Progress {
    const { table, transitions, expanded, depth } = this.attempt.breadth;
    return { phase: this.phase, states: table.count, transitions, frontier: table.count - expanded, depth };
  }

  /** Goes on for about `expansions` states. Errors that a plugin throws end the search and reach the caller. */
  advance(expansions: number): void {
    try {
      for (let left = expansions; left > 0 && !this.done; left -= SLICE) this.work(Math.min(left, SLICE));
    } catch (error) {
      if (error instanceof OwnershipChanged) this.restart(error);
      else if (error instanceof LimitReached) this.phase = 'done';
      else {
        this.close();
        throw error;
      }
    }
  }

  /** Runs to the end and answers with the result. */
  run(): Result {
    while (!this.done) this.advance(100 * SLICE);
    return this.result();
  }

  /** Ends the search, wherever it is, gives the machine back and says what was found out. */
  result(): Result {
    this.outcome ??= this.conclude();
    return this.outcome;
  }

  private begin(): Attempt {
    for (;;) {
      try {
        return new Attempt(this.machine, this.properties, {
          taggings: this.options.outcomes,
          exposed: this.exposed,
          invariantReads: this.invariantReads,
          unreduced: this.options.mode === 'unreduced',
          maxExecuted: this.limits.executions - this.executedBefore,
          maxStates: this.limits.states,
        });
      } catch (error) {
        // An invariant reads memory that scouting found private.
        if (!(error instanceof OwnershipChanged)) throw error;
        this.learn(error);
      }
    }
  }

  /** What was explored rested on a belief that turned out wrong; begins again with a better one. */
  private restart(changed?: OwnershipChanged): void {
    this.executedBefore += this.attempt.expander.executed;
    this.attempt.dispose();
    this.learn(changed);
    this.attempt = this.begin();
    this.paths = undefined;
    this.phase = 'search';
  }

  private learn(changed?: OwnershipChanged): void {
    this.machine.arena.restore(this.start);
    if (changed) promote(this.machine.arena, changed);
    this.restarts++;
  }

  private work(expansions: number): void {
    if (this.isBeyondLimits()) this.phase = 'done';
    else if (this.phase === 'search') this.search(expansions);
    else if (this.phase === 'components') this.judge();
    else this.minimise(expansions);
  }

  private search(expansions: number): void {
    const { breadth } = this.attempt;
    for (let i = 0; i < expansions && !breadth.complete; i++) {
      if (breadth.table.count > this.limits.states) return;
      breadth.expandNext();
      const { newlyExposed, steps } = this.attempt;
      if (newlyExposed !== 0 || steps.invariantReadsGrew) {
        this.exposed |= newlyExposed;
        this.restart();
        return;
      }
    }
    if (breadth.complete) this.phase = 'components';
  }

  private judge(): void {
    const { attempt } = this;
    attempt.judgeBottoms();
    const violated = attempt.violated.map((property) => attempt.target(property));
    const targets = violated.length > 0 ? violated : attempt.watch.reached.size > 0 ? [ANY_GOAL] : [];
    this.paths = attempt.cheapest(targets);
    this.phase = 'minimise';
  }

  private minimise(expansions: number): void {
    this.paths?.advance(expansions);
    if (!this.paths || this.paths.done) this.phase = 'done';
  }

  private isBeyondLimits(): boolean {
    const { limits, attempt, paths, options } = this;
    if (attempt.breadth.table.count > limits.states || (paths?.states ?? 0) > limits.states) return true;
    if (attempt.bytes + (paths?.bytes ?? 0) > limits.bytes) return true;
    return (options.now?.() ?? 0) - this.startedAt > limits.milliseconds;
  }

  private conclude(): Result {
    const { machine, properties, attempt, paths, options, start } = this;
    this.close();
    const { expander, steps, breadth } = attempt;
    const recording = { machine, start, initial: steps.initial, expander, properties, config: options.config };
    const found = attempt.violated.map((property, i) => {
      const cheapest = paths?.found[i];
      return recordViolation(recording, properties[property], cheapest ?? attempt.anyPath(property), !!cheapest);
    });
    const violations = bestOfEach(found);
    const toGoal = violations.length === 0 ? paths?.found[0] : undefined;
    const goals = this.goals();
    // A search that was stopped before the bottom properties were asked has not seen everything.
    const complete = paths !== undefined;
    const judged = violations.length > 0 ? 'violated' : goals.missing.length > 0 ? 'vacuous' : 'holds';
    return {
      verdict: judged === 'violated' || complete ? judged : 'incomplete',
      violations,
      witness: toGoal && recordRun(recording, toGoal, true),
      goals,
      coverage: this.coverage(),
      complete,
      states: breadth.table.count,
      transitions: breadth.transitions,
      executed: this.executedBefore + expander.executed,
      localStates: steps.imageCounts.slice(0, -1).reduce((sum, count) => sum + count, 0),
      sharedStates: steps.imageCounts[steps.agents],
      restarts: this.restarts,
      reductions: options.mode === 'unreduced' ? [] : ['closure'],
      visited: 'exact',
    };
  }

  private goals(): Result['goals'] {
    const { reached } = this.attempt.watch;
    const wanted = this.properties.flatMap((property) => (property.kind === 'goal' ? property.goals() : []));
    return { reached: [...reached].sort(), missing: wanted.filter((key) => !reached.has(key)) };
  }

  private coverage(): Result['coverage'] {
    const places = [...this.attempt.watch.coverage].sort(([a], [b]) => (a < b ? -1 : 1));
    return places.map(([where, tags]) => ({ where, tags: [...tags].sort() }));
  }

  private close(): void {
    this.phase = 'done';
    this.attempt.dispose();
    this.giveBack();
  }

  /** Leaves the machine as it was. */
  private giveBack(): void {
    this.machine.arena.restore(this.start);
    this.restoreOwners();
  }
}

/** One property may be written in parts, some checked by event, some at the end: the cheapest counterexample speaks for all of them. */
function bestOfEach(found: readonly Counterexample[]): Counterexample[] {
  const best = new Map<string, Counterexample>();
  for (const candidate of found) {
    const other = best.get(candidate.property);
    if (!other || isCheaper(candidate, other)) best.set(candidate.property, candidate);
  }
  return [...best.values()];
}

function isCheaper(a: Counterexample, b: Counterexample): boolean {
  return (a.faults - b.faults || a.preemptions - b.preemptions || a.steps - b.steps) < 0;
}
