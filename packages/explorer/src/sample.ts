import {
  addCoverage,
  CheckstopError,
  coverageGuided,
  type GuidedScheduler,
  type Machine,
  type Property,
  pct,
  roundRobin,
  type Scheduler,
  type Snapshot,
  seededRandom,
} from '@checkstop/kernel';
import { rerun } from './rerun.ts';
import type { Counterexample } from './result.ts';
import type { SampledViolation, SampleOptions, SampleProgress, SampleResult } from './sample-result.ts';
import { Scout } from './scout.ts';
import { shrink } from './shrink.ts';
import { visibleSteps } from './timeline.ts';
import { formatToken } from './token.ts';
import { type CostedRun, Walk } from './walk.ts';

/**
 * Begins to take many runs from the state the machine is in, each by another schedule: for machines too large to be explored. The
 * machine belongs to it until `result()`, and is then back in the state it was in.
 *
 * ```ts
 * const sampling = sample(machine, { runs: 100, seed: 1 });
 * while (!sampling.done) sampling.advance(20_000);
 * console.log(sampling.result().violations);
 * ```
 *
 * @throws CheckstopError SAMPLE_BAD_OPTION
 */
export function sample(machine: Machine, options: SampleOptions = {}): Sampling {
  return new Sampling(machine, options);
}

/** Steps between two chances to stop. */
const SLICE = 1000;

/** Sampling under way, see {@link sample}. */
export class Sampling {
  private readonly options: Required<Omit<SampleOptions, 'config'>> & Pick<SampleOptions, 'config'>;
  private readonly start: Snapshot;
  private readonly coverage = new Map<string, number>();
  private readonly tags = new Map<string, Set<string>>();
  private readonly violations: SampledViolation[] = [];
  private readonly ends = { end: 0, violation: 0, circle: 0, limit: 0 };
  private phase: SampleProgress['phase'] = 'sample';
  private runs = 0;
  private steps = 0;
  private expectedSteps = 0;
  /** Yields the steps executed since the last time. */
  private readonly work: Generator<number, void>;
  private outcome: SampleResult | undefined;

  /** Use {@link sample}. */
  constructor(
    private readonly machine: Machine,
    options: SampleOptions,
  ) {
    this.options = {
      runs: 1000,
      seed: 1,
      scheduler: 'random',
      depth: 3,
      maxSteps: 20_000,
      properties: machine.properties,
      each: false,
      maxReplays: 500,
      where: (agent) => machine.describeAgent(agent),
      outcomes: [],
      ...options,
    };
    for (const [name, least] of Object.entries({ runs: 1, seed: 0, depth: 1, maxSteps: 1, maxReplays: 0 })) {
      const value = this.options[name as 'runs'];
      if (!Number.isInteger(value) || value < least || value > 0xffff_ffff)
        throw new CheckstopError(
          'SAMPLE_BAD_OPTION',
          `The option '${name}' of sample() is ${value}; give a whole number from ${least} to 2^32 - 1.`,
          { name, value },
        );
    }
    this.start = machine.arena.snapshot();
    this.work = this.sampling();
  }

  /** Whether all runs were taken, or enough was found. */
  get done(): boolean {
    return this.phase === 'done';
  }

  /** How far it is. */
  progress(): SampleProgress {
    const { phase, runs, steps, violations } = this;
    return { phase, runs, steps, violations: violations.length };
  }

  /** Goes on for about so many steps. Errors that a plugin throws end it and reach the caller. */
  advance(steps: number): void {
    try {
      for (let left = steps; left > 0 && !this.done; ) {
        const { value, done } = this.work.next();
        if (done) this.phase = 'done';
        left -= value ?? 0;
        this.steps += value ?? 0;
      }
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /** Runs to the end and answers with the result. */
  run(): SampleResult {
    while (!this.done) this.advance(100 * SLICE);
    return this.result();
  }

  /** Ends it, wherever it is, gives the machine back and says what was found. */
  result(): SampleResult {
    this.outcome ??= this.conclude();
    return this.outcome;
  }

  private *sampling(): Generator<number, void> {
    const { runs, seed, each, properties } = this.options;
    yield* this.measure();
    const names = new Set(properties.flatMap(({ kind, name }) => (SEEN_IN_RUNS.has(kind) ? [name] : [])));
    const known = new Set<string>();
    while (this.runs < runs && known.size < (each ? names.size : 1)) {
      const runSeed = (seed + this.runs) >>> 0;
      const scheduler = this.schedulerOf(runSeed);
      const walk = yield* this.walk(scheduler, known);
      this.cover(walk, scheduler);
      this.runs++;
      for (const { property, step } of walk.done?.violations ?? []) {
        if (known.has(property) || (!each && known.size > 0)) continue;
        known.add(property);
        yield* this.minimise(property, walk.upTo(step), runSeed);
      }
    }
  }

  /** Finds out how long a run is: the changes of priority are to lie in it. */
  private *measure(): Generator<number, void> {
    const walk = yield* this.walk(roundRobin(), new Set(this.options.properties.map(({ name }) => name)));
    this.expectedSteps = 2 * Math.max(1, walk.taken.length);
  }

  private *walk(scheduler: Scheduler, known: ReadonlySet<string>): Generator<number, Walk> {
    const { machine, options, start } = this;
    const { properties, maxSteps, outcomes } = options;
    machine.arena.restore(start);
    const walk = new Walk(machine, scheduler, { properties, maxSteps, known, outcomes });
    try {
      while (!walk.done) {
        const before = walk.taken.length;
        walk.advance(SLICE);
        yield walk.taken.length - before;
      }
      return walk;
    } finally {
      walk.dispose();
    }
  }

  private schedulerOf(seed: number): GuidedScheduler {
    const { scheduler, depth, where } = this.options;
    const { coverage, expectedSteps: steps } = this;
    const named = {
      pct: () => pct({ seed, depth, steps }),
      random: () => seededRandom(seed, { faultEvery: 0 }),
      'round-robin': () => roundRobin(),
    };
    const inner = typeof scheduler === 'function' ? scheduler({ seed, steps }) : named[scheduler]();
    // Faults are drawn from a generator of their own, so that where one strikes does not say who goes next.
    return coverageGuided(inner, { seed: ~seed, coverage, where });
  }

  private cover({ coverage, done }: Walk, { met }: GuidedScheduler): void {
    addCoverage(this.coverage, met);
    for (const [where, tags] of coverage) this.tags.set(where, new Set([...(this.tags.get(where) ?? []), ...tags]));
    if (done) this.ends[done.reason]++;
  }

  private *minimise(property: string, found: CostedRun, seed: number): Generator<number, void> {
    const { machine, start, options } = this;
    const { properties, maxReplays } = options;
    const { faults, preemptions, steps } = found;
    this.phase = 'minimise';
    let best = found;
    let replays = 0;
    const index = this.violations.length;
    const record = (): void => {
      const run = this.runs;
      this.violations[index] = {
        ...this.record(property, best),
        run,
        seed,
        found: { faults, preemptions, steps },
        replays,
      };
    };
    // An interrupted search shows the run as it was found.
    record();
    const shrinking = { machine, start, properties, property, maxReplays };
    if (maxReplays > 0)
      for (const smaller of shrink(shrinking, found)) {
        best = smaller.best;
        replays++;
        yield smaller.steps;
      }
    record();
    this.phase = 'sample';
  }

  /**
   * Executes a run once more, and says what it violates.
   *
   * @throws CheckstopError EXPLORE_NOT_REPRODUCED
   */
  private record(property: string, { schedule, faults, preemptions }: CostedRun): Counterexample {
    const { machine, start, options } = this;
    machine.arena.restore(start);
    const { violations, ending, hash } = rerun(machine, schedule, options.properties);
    machine.arena.restore(start);
    const token = formatToken(machine, { config: options.config, schedule, hash });
    const text = [...violations, ...ending].find((violation) => violation.property === property)?.text;
    if (text === undefined)
      throw new CheckstopError(
        'EXPLORE_NOT_REPRODUCED',
        `A run violated '${property}', but executing it again does not show that. Some plugin keeps state outside the arena (checkDeterminism finds it), or the machine was used meanwhile.`,
        { property, token },
      );
    const steps = visibleSteps(machine, schedule, () => scout(machine)).filter((visible) => visible).length;
    return { property, text, schedule, token, faults, preemptions, steps, shortest: false };
  }

  private conclude(): SampleResult {
    this.close();
    const { violations, runs, ends, steps, expectedSteps, coverage, tags, machine, options } = this;
    const faults = machine.actions.filter((_, action) => machine.cost(action) === 'fault');
    const places = [...new Set([...coverage.keys(), ...tags.keys()])].sort();
    return {
      verdict: violations.length > 0 ? 'violated' : 'incomplete',
      violations,
      seed: options.seed,
      runs,
      ends,
      steps,
      expectedSteps,
      coverage: places.map((where) => ({
        where,
        tags: [...(coverage.get(where) ? faults : []), ...(tags.get(where) ?? [])].sort(),
      })),
    };
  }

  /** Leaves the machine as it was. */
  private close(): void {
    this.phase = 'done';
    this.work.return();
    this.machine.arena.restore(this.start);
  }
}

/** Walks about to learn which memory is shared in other runs, as a search does: it counts visible steps that way. */
function scout(machine: Machine): void {
  const walks = new Scout(machine);
  while (!walks.done) walks.advance(SLICE);
}

/** Kinds of properties that a single run can violate. */
const SEEN_IN_RUNS: ReadonlySet<Property['kind']> = new Set(['event', 'invariant', 'bottom']);
