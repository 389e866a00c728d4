import type { Machine, Property, Snapshot } from '@checkstop/kernel';
import type { Attempt } from './attempt.ts';
import type { CheapestPaths } from './cheapest.ts';
import type { GoalProof } from './goal-proof.ts';
import type { Limits } from './limits.ts';
import type { Responses } from './liveness/responses.ts';
import type { ExploreOptions } from './options.ts';
import type { Leg } from './path.ts';
import { recordRun, recordViolation } from './recorder.ts';
import type { Counterexample, Result } from './result.ts';

/** What the phases of a search have found out; undefined where one has not begun. */
export interface Found {
  /** Cheapest paths to the violated properties, in their order, or to a goal. */
  readonly paths: CheapestPaths | undefined;
  readonly proof: GoalProof | undefined;
  readonly responses: Responses | undefined;
  /** What ended the search before its time. */
  readonly limit: keyof Limits | undefined;
  /** Steps that attempts executed which were given up. */
  readonly executedBefore: number;
  readonly restarts: number;
}

/** A path to what shows a property violated. */
interface Shown {
  readonly property: number;
  readonly legs: readonly Leg[];
  readonly cheapest: boolean;
}

/** A search that has come to its end. */
interface Ended extends Found {
  readonly attempt: Attempt;
  readonly shown: readonly Shown[];
  readonly machine: Machine;
  readonly start: Snapshot;
  readonly properties: readonly Property[];
  readonly options: ExploreOptions;
}

/**
 * The paths that show what is violated, in images. While the machine is still the search's: steps may have to be executed for
 * that, and images be taken.
 */
export function pathsShown(attempt: Attempt, paths: CheapestPaths | undefined): Shown[] {
  // What is left to execute is as much as the paths are long.
  attempt.expander.maxExecuted = Number.POSITIVE_INFINITY;
  return (paths ? attempt.violated : attempt.suspected).flatMap((property, i) => {
    const cheapest = paths?.found[i];
    return ifSure({ attempt, paths }, () => {
      const legs = attempt.lift(cheapest ?? attempt.anyPath(property), property);
      return [{ property, legs, cheapest: cheapest !== undefined }];
    });
  });
}

/** What `show` answers; nothing where it throws before the search is complete, since what was merged until then may not be one. */
function ifSure<T>({ attempt, paths }: Pick<Ended, 'attempt' | 'paths'>, show: () => T[]): T[] {
  try {
    return show();
  } catch (error) {
    if (paths || !attempt.merged) throw error;
    return [];
  }
}

/** What a search says in the end. */
export function conclusionOf(ended: Ended): Result {
  const { attempt, machine, start, properties, options, paths, proof, limit, executedBefore, restarts } = ended;
  const { expander, steps, breadth } = attempt;
  const recording = { machine, start, initial: steps.initial, expander, properties, config: options.config };
  const violations = bestOfEach(
    ended.shown.flatMap(({ property, legs, cheapest }) =>
      ifSure(ended, () => [recordViolation(recording, properties[property], legs, cheapest)]),
    ),
  );
  const toGoal = violations.length === 0 ? paths?.found[0] : undefined;
  const goals = goalsOf(ended);
  // A search that was stopped before the bottom properties were asked has not seen everything.
  const complete = paths !== undefined && proof?.done !== false;
  const judged = violations.length > 0 ? 'violated' : goals.missing.length > 0 ? 'vacuous' : 'holds';
  return {
    verdict: judged === 'violated' || complete ? judged : 'incomplete',
    violations,
    witness: toGoal && recordRun(recording, toGoal, true),
    goals,
    ...(options.liveness && livenessOf(ended, complete)),
    coverage: coverageOf(attempt),
    complete,
    ...(limit && { limit }),
    states: breadth.table.count,
    transitions: breadth.transitions,
    executed: executedBefore + expander.executed,
    localStates: steps.imageCounts.slice(0, -1).reduce((sum, count) => sum + count, 0),
    sharedStates: steps.imageCounts[steps.agents],
    restarts,
    reductions: reductionsOf(ended),
    visited: 'exact',
  };
}

function reductionsOf({ attempt: { merged, symmetric }, options }: Ended): string[] {
  if (options.mode === 'unreduced') return [];
  return ['closure', ...(merged ? ['merging'] : []), ...(symmetric ? ['symmetry'] : [])];
}

function livenessOf({ responses, properties }: Ended, complete: boolean): Pick<Result, 'lassos' | 'livenessComplete'> {
  const none = !properties.some(({ kind }) => kind === 'response');
  return { lassos: responses?.lassos ?? [], livenessComplete: complete && (none || responses?.done === true) };
}

function goalsOf({ attempt: { watch, merged }, proof, properties }: Ended): Result['goals'] {
  const reached = merged ? (proof?.proven ?? new Set<string>()) : watch.reached;
  const wanted = properties.flatMap((property) => (property.kind === 'goal' ? property.goals() : []));
  return { reached: [...reached].sort(), missing: wanted.filter((goal) => !reached.has(goal)) };
}

function coverageOf({ watch }: Attempt): Result['coverage'] {
  const places = [...watch.coverage].sort(([a], [b]) => (a < b ? -1 : 1));
  return places.map(([where, tags]) => ({ where, tags: [...tags].sort() }));
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
