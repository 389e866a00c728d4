import { type Machine, type Move, type Property, replay, type Schedule, type Snapshot } from '@checkstop/kernel';
import { judgeEnding } from './ending.ts';
import { following } from './following.ts';
import { type CostedRun, fold, Walk } from './walk.ts';

/** What is made smaller, and how hard that is tried. */
export interface Shrinking {
  readonly machine: Machine;
  /** The state in which the run begins. */
  readonly start: Snapshot;
  readonly properties: readonly Property[];
  /** Name of the property that is to stay violated. */
  readonly property: string;
  readonly maxReplays: number;
}

/** States that are looked at to find out whether an end is one already: what is larger is not cut there. */
const END_STATES = 5_000;

/**
 * Makes a run that violates a property cheaper, by delta debugging (Zeller, Hildebrandt, TSE 2002) over its schedule:
 * parts are left out, turns of an agent joined and shortened, and whatever then still violates it with fewer faults, else fewer
 * preemptions, else fewer steps, is the run to go on from. In the end it is cut where the violation is certain. What
 * comes out is small, and not proved to be the smallest.
 *
 * Yields after each replay, with the steps that took and the best run so far.
 */
export function* shrink(
  shrinking: Shrinking,
  found: CostedRun,
): Generator<{ readonly steps: number; readonly best: CostedRun }, void> {
  const { machine, start, properties, property, maxReplays } = shrinking;
  const wanted = properties.filter(({ name }) => name === property);
  // A run that needs more than that is no improvement, since it has to end where the found one did.
  const maxSteps = 2 * found.steps + SLACK;
  let best = found;
  let replays = 0;
  let steps = 0;
  const improves = (candidate: Schedule): boolean => {
    machine.arena.restore(start);
    const walk = new Walk(machine, following(machine, candidate), { properties: wanted, maxSteps, known: new Set() });
    try {
      replays++;
      const { violations, steps: walked } = walk.run();
      steps = walked;
      const [violation] = violations;
      const run = violation && walk.upTo(violation.step);
      if (!run || !isCheaper(run, best)) return false;
      best = run;
      return true;
    } finally {
      walk.dispose();
    }
  };
  for (let before: CostedRun | undefined; before !== best; ) {
    before = best;
    for (const variants of [withoutFaults(machine), withoutParts, joined, shortened]) {
      for (let next = variants(best.schedule, 0); next; ) {
        if (replays >= maxReplays) break;
        const better = improves(next.candidate);
        yield { steps, best };
        next = variants(best.schedule, better ? next.at : next.at + 1);
      }
    }
  }
  yield* cut();

  /** Ends the run as early as the violation is certain, by bisection: an end stays one. */
  function* cut(): Generator<{ steps: number; best: CostedRun }, void> {
    machine.arena.restore(start);
    const walk = new Walk(machine, following(machine, best.schedule), {
      properties: [],
      maxSteps: best.steps,
      known: new Set(),
    });
    try {
      walk.run();
      let low = 0;
      let high = best.steps;
      while (low < high) {
        const middle = (low + high) >> 1;
        const run = walk.upTo(middle);
        if (isViolatedBy(run.schedule)) {
          best = run;
          high = middle;
        } else low = middle + 1;
        yield { steps: middle, best };
      }
    } finally {
      walk.dispose();
    }
  }

  function isViolatedBy(schedule: Schedule): boolean {
    machine.arena.restore(start);
    replay(machine, schedule);
    return (judgeEnding(machine, wanted, END_STATES)?.length ?? 0) > 0;
  }
}

/** Steps that a run may take beyond twice the found one's: turns to find out that somebody goes in circles. */
const SLACK = 1000;

const isCheaper = (a: CostedRun, b: CostedRun): boolean =>
  (a.faults - b.faults || a.preemptions - b.preemptions || a.steps - b.steps) < 0;

/** The variants of a schedule, by number; undefined after the last. */
type Variants = (schedule: Schedule, at: number) => { readonly candidate: Schedule; readonly at: number } | undefined;

/** Without one of its faults. */
const withoutFaults =
  (machine: Machine): Variants =>
  (schedule, at) => {
    const faulty = machine.actions.filter((_, action) => machine.cost(action) === 'fault');
    const faults = [...schedule.keys()].filter((i) => faulty.includes(schedule[i].action));
    return at < faults.length ? { candidate: without(schedule, faults[at], 1), at } : undefined;
  };

/** Without a half of its moves, a quarter, and so on to single ones. */
const withoutParts: Variants = (schedule, at) => {
  let parts = 2;
  let first = 0;
  for (; at - first >= parts && parts < schedule.length; parts *= 2) first += parts;
  const size = Math.max(1, Math.floor(schedule.length / parts));
  const from = (at - first) * size;
  return from < schedule.length ? { candidate: without(schedule, from, size), at } : undefined;
};

/** With a turn of an agent moved up to the turn before of the same agent, or that moved down to this. */
const joined: Variants = (schedule, at) => {
  for (let i = at >> 1; i < schedule.length; i++) {
    const before = schedule.slice(0, i).findLastIndex(({ agent }) => agent === schedule[i].agent);
    if (before < 0 || before === i - 1) continue;
    const isUp = 2 * i >= at;
    const between = schedule.slice(before + 1, i);
    const turns = [schedule[before], schedule[i]];
    const middle = isUp ? [...turns, ...between] : [...between, ...turns];
    const candidate = fold([...schedule.slice(0, before), ...middle, ...schedule.slice(i + 1)]);
    return { candidate, at: 2 * i + (isUp ? 0 : 1) };
  }
  return undefined;
};

/** With one of its turns half as long, or one step shorter. */
const shortened: Variants = (schedule, at) => {
  for (let i = at >> 1; i < schedule.length; i++) {
    const move = schedule[i];
    if (move.count < 2) continue;
    const isHalf = 2 * i >= at;
    const count = isHalf ? move.count >> 1 : move.count - 1;
    return {
      candidate: schedule.map((other, j): Move => (j === i ? { ...move, count } : other)),
      at: 2 * i + (isHalf ? 0 : 1),
    };
  }
  return undefined;
};

const without = (schedule: Schedule, from: number, count: number): Move[] =>
  fold([...schedule.slice(0, from), ...schedule.slice(from + count)]);
