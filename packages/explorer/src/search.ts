import { CheckstopError, type Machine, type Property, type Snapshot } from '@checkstop/kernel';
import { type Archive, damaged } from './archive.ts';
import { Attempt } from './attempt.ts';
import { Beliefs } from './beliefs.ts';
import type { CheapestPaths, Target } from './cheapest.ts';
import { conclusionOf, type Found, pathsShown } from './conclusion.ts';
import type { GoalProof } from './goal-proof.ts';
import { DEFAULT_LIMITS, LimitReached, type Limits } from './limits.ts';
import { Responses } from './liveness/responses.ts';
import type { ExploreOptions } from './options.ts';
import { OwnershipChanged } from './ownership.ts';
import type { Progress, Result } from './result.ts';
import { formatSaved, headerOf, openSaved } from './saved.ts';
import { Scout } from './scout.ts';
import { takeTurns } from './turns.ts';

/** Work between two looks at what is held, and at most between two at the clock. */
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

/**
 * Goes on with a search that was saved, see {@link Search.save}, on a machine that was composed alike and is in the same
 * state. It ends with exactly the result that the other would have ended with, had it gone on. What is asked has to be
 * what was asked then, mode and liveness come from the file, and the limits are new ones: time is counted from here.
 *
 * Nothing in the file is executed or believed of the machine: what steps do is found out anew, by taking every one of them
 * again that the search had really taken (`Progress.phase` is `resume` meanwhile). Which states were visited is believed.
 * So a verdict is worth as much as the file.
 *
 * @throws CheckstopError SAVE_SYNTAX (no saved search, or of another format), SAVE_DAMAGED, SAVE_TOO_LARGE (it takes more
 * memory than the limits allow), SAVE_OTHER_VERSIONS, SAVE_OTHER_MACHINE; the second and third may come while it advances
 */
export function resume(
  machine: Machine,
  bytes: Uint8Array,
  options: Omit<ExploreOptions, 'mode' | 'liveness' | 'config'> = {},
): Search {
  const { saved, archive } = openSaved(machine, bytes, options);
  return new Search(machine, { ...options, ...saved }, { bytes, archive });
}

/** A search under way, see {@link explore}. */
export class Search {
  private readonly start: Snapshot;
  private readonly properties: readonly Property[];
  private readonly limits: Required<Limits>;
  private readonly startedAt: number;
  private readonly scout: Scout;
  /** Undefined while scouting. */
  private attempt: Attempt | undefined;
  private phase: Progress['phase'] = 'scout';
  private readonly beliefs: Beliefs;
  /** Work left until the next look at what is held: a limit ends the search at the same place, however large the slices are. */
  private untilLook = 0;
  /** The bottom properties are being asked about the complete graph. */
  private judging: Generator<undefined, boolean> | undefined;
  /** Cheapest paths to the violated properties, in their order, or to a goal. */
  private paths: CheapestPaths | undefined;
  /** Of the goals that were met in a merged graph. */
  private proof: GoalProof | undefined;
  /** Response properties, once everything else is known. */
  private responses: Responses | undefined;
  /** Under way to where another search was saved. */
  private recovery: Generator<undefined, void> | undefined;
  private limit: keyof Limits | undefined;
  private outcome: Result | undefined;

  /** Use {@link explore} or {@link resume}. */
  constructor(
    private readonly machine: Machine,
    private readonly options: ExploreOptions,
    private readonly resumed?: { readonly bytes: Uint8Array; readonly archive: Archive },
  ) {
    const { properties = machine.properties, liveness = false } = options;
    this.properties = liveness ? properties : properties.filter(({ kind }) => kind !== 'response');
    this.beliefs = new Beliefs(machine, this.properties, options.mode ?? 'reduced');
    this.limits = { ...DEFAULT_LIMITS, ...options.limits };
    this.startedAt = options.now?.() ?? 0;
    this.start = machine.arena.snapshot();
    machine.arena.disown();
    this.scout = new Scout(machine, () => this.beliefs.observe());
  }

  /** Whether there is nothing left to do: all is explored, or a limit was met. */
  get done(): boolean {
    return this.phase === 'done';
  }

  /** Whether a limit ended it before everything was explored. */
  get cut(): boolean {
    return this.limit !== undefined;
  }

  /** How far it is. */
  progress(): Progress {
    if (!this.attempt) return { phase: this.phase, states: 0, transitions: 0, frontier: 0, depth: 0, suspected: 0 };
    const { breadth, suspected } = this.attempt;
    const { table, transitions, expanded, depth } = breadth;
    const frontier = table.count - expanded;
    return { phase: this.phase, states: table.count, transitions, frontier, depth, suspected: suspected.length };
  }

  /** Goes on for about `expansions` states. Errors that a plugin throws end the search and reach the caller. */
  advance(expansions: number): void {
    try {
      for (let left = expansions; left > 0 && !this.done; ) left -= this.work(left);
    } catch (error) {
      if (error instanceof LimitReached) this.stopAt(error.limit);
      else if (this.recovery) {
        this.close();
        throw damaged(error);
      } else if (error instanceof OwnershipChanged) this.restart(error);
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

  /**
   * The search as bytes, for {@link resume} in another process; before `result()`, and at any time between two calls of
   * `advance`. What is kept are the states visited. A later phase than the search for states begins anew, and so does the
   * whole search if it has not got beyond scouting, or if somebody began to listen on the bus in the middle of it.
   *
   * @throws CheckstopError SAVE_TOO_LATE (after `result()`), SAVE_TOO_LARGE (2 GiB)
   */
  save(): Uint8Array {
    const { machine, start, options, attempt, resumed, phase, beliefs } = this;
    if (this.outcome)
      throw new CheckstopError('SAVE_TOO_LATE', 'The search has ended: save it before you ask for its result.');
    if (resumed && (this.recovery || phase === 'scout')) return resumed.bytes;
    machine.arena.restore(start);
    const goesOn = beliefs.listened ? undefined : attempt;
    return formatSaved(headerOf(machine, options), (a) => {
      a.flag(goesOn !== undefined);
      if (!goesOn) return;
      this.beliefs.archive(a);
      goesOn.save(a);
    });
  }

  private begin(): Attempt {
    const { beliefs, limits, options } = this;
    beliefs.exposed |= this.scout.exposed;
    for (;;) {
      try {
        return new Attempt(this.machine, this.properties, {
          ...beliefs.begin(),
          taggings: options.outcomes,
          maxExecuted: limits.executions - beliefs.executedBefore,
          maxStates: limits.states,
        });
      } catch (error) {
        // An invariant reads memory that scouting found private.
        if (!(error instanceof OwnershipChanged)) throw error;
        this.machine.arena.restore(this.start);
        beliefs.learn(undefined, error);
      }
    }
  }

  /** What was explored rested on a belief that turned out wrong; begins again with a better one. */
  private restart(changed?: OwnershipChanged): void {
    const { attempt } = this;
    attempt?.dispose();
    this.machine.arena.restore(this.start);
    this.beliefs.learn(attempt, changed);
    this.attempt = this.begin();
    this.judging = undefined;
    this.paths = undefined;
    this.proof = undefined;
    this.responses = undefined;
    this.phase = 'search';
    this.untilLook = 0;
  }

  /** Does at most so much; answers with how much. */
  private work(most: number): number {
    const { attempt, phase } = this;
    const limit = this.limitMet(attempt);
    if (this.untilLook === 0) this.untilLook = SLICE;
    const expansions = Math.min(most, this.untilLook);
    this.untilLook -= expansions;
    if (limit) this.stopAt(limit);
    else if (!attempt) this.look(expansions);
    else if (this.recovery) this.recover(this.recovery, expansions);
    else if (this.phase === 'search') this.search(attempt, expansions);
    else if (this.phase === 'components') this.judge(attempt, expansions);
    else if (this.phase === 'goals') this.prove(expansions);
    else if (this.phase === 'minimise') this.minimise(expansions);
    else this.respond(attempt, expansions);
    if (this.phase !== phase) this.untilLook = 0;
    return expansions;
  }

  private look(steps: number): void {
    this.scout.advance(steps);
    if (!this.scout.done) return;
    const archive = this.resumed && this.openArchive(this.resumed.archive);
    this.attempt = this.begin();
    this.recovery = archive && this.attempt.resume(archive);
    this.phase = this.recovery ? 'resume' : 'search';
  }

  /** Takes over what the attempt that was saved rested on; answers with the rest, if there was an attempt. */
  private openArchive(a: Archive): Archive | undefined {
    try {
      if (!a.flag(false)) {
        a.end();
        return undefined;
      }
      this.beliefs.archive(a);
      return a;
    } catch (error) {
      throw damaged(error);
    }
  }

  private recover(recovery: Generator<undefined, void>, turns: number): void {
    if (!takeTurns(recovery, turns)) return;
    this.recovery = undefined;
    this.phase = 'search';
  }

  private search(attempt: Attempt, expansions: number): void {
    for (let i = 0; i < expansions && !attempt.complete; i++) {
      if (attempt.breadth.table.count > this.limits.states) return;
      attempt.expandNext();
      const { newlyExposed, steps } = attempt;
      if (newlyExposed !== 0 || steps.invariantReadsGrew || attempt.gaveUpMerging || attempt.asymmetric) {
        this.beliefs.exposed |= newlyExposed;
        this.restart();
        return;
      }
    }
    if (attempt.complete) this.phase = 'components';
  }

  private judge(attempt: Attempt, turns: number): void {
    this.judging ??= attempt.judgeBottoms();
    const judged = takeTurns(this.judging, turns);
    if (!judged) return;
    this.judging = undefined;
    if (!judged.value) {
      if (attempt.gaveUpMerging || attempt.asymmetric) this.restart();
      this.phase = 'search';
      return;
    }
    const violated = attempt.violated.map((property) => attempt.target(property));
    this.paths =
      violated.length > 0
        ? attempt.cheapest(violated)
        : attempt.cheapestUnmerged(attempt.watch.reached.size > 0 ? [ANY_GOAL] : []);
    this.proof = attempt.goalProof([...attempt.watch.reached]);
    this.phase = 'goals';
  }

  private prove(expansions: number): void {
    this.proof?.advance(expansions);
    if (!this.proof || this.proof.done) this.phase = 'minimise';
  }

  private minimise(expansions: number): void {
    this.paths?.advance(expansions);
    if (this.paths && !this.paths.done) return;
    this.phase = this.properties.some(({ kind }) => kind === 'response') ? 'liveness' : 'done';
  }

  /** What is pending tells images apart that are merged for all else, so liveness is judged by searches of its own. */
  private respond(attempt: Attempt, expansions: number): void {
    this.responses ??= this.askResponses(attempt);
    const { responses } = this;
    if (!responses.done) responses.advance(expansions);
    const { newlyExposed, steps } = attempt;
    if (newlyExposed !== 0 || steps.invariantReadsGrew) {
      this.beliefs.exposed |= newlyExposed;
      this.restart();
    } else if (responses.done) this.phase = 'done';
  }

  private askResponses({ expander, steps, breadth, merged }: Attempt): Responses {
    const { machine, start, limits, properties } = this;
    const { stepwise } = breadth.graph;
    const responses = properties.filter((property) => property.kind === 'response');
    const { config } = this.options;
    const judged = { machine, start, expander, steps, stepwise, merged: merged !== undefined, config };
    return new Responses(judged, responses, limits);
  }

  private limitMet(attempt: Attempt | undefined): keyof Limits | undefined {
    const { limits, paths, proof, responses, options } = this;
    if (attempt && this.untilLook === 0) {
      const states = [attempt.breadth.table.count, paths?.states, proof?.states, responses?.states];
      if (states.some((count = 0) => count > limits.states)) return 'states';
      const bytes = [attempt.bytes, paths?.bytes, proof?.bytes, responses?.bytes];
      if (bytes.reduce<number>((sum, held = 0) => sum + held, 0) > limits.bytes) return 'bytes';
    }
    return (options.now?.() ?? 0) - this.startedAt > limits.milliseconds ? 'milliseconds' : undefined;
  }

  private stopAt(limit: keyof Limits): void {
    this.limit = limit;
    this.phase = 'done';
  }

  private conclude(): Result {
    const { machine, properties, options, start } = this;
    // What was found out of ends so far counts if it is sure.
    this.judging?.return(false);
    machine.arena.restore(start);
    // On the way to where another search was saved, nothing is known yet.
    if (this.recovery) this.attempt?.dispose();
    const attempt = (this.recovery ? undefined : this.attempt) ?? this.begin();
    this.attempt = attempt;
    try {
      const shown = pathsShown(attempt, this.paths);
      this.close();
      return conclusionOf({ ...this.found, attempt, shown, machine, start, properties, options });
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /** What the phases have found out so far. */
  private get found(): Found {
    const { paths, proof, responses, limit } = this;
    const { executedBefore, restarts } = this.beliefs;
    return { paths, proof, responses, limit, executedBefore, restarts };
  }

  private close(): void {
    this.phase = 'done';
    this.attempt?.dispose();
    this.giveBack();
  }

  /** Leaves the machine as it was. */
  private giveBack(): void {
    this.machine.arena.restore(this.start);
    this.machine.arena.share();
  }
}
