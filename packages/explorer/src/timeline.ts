import type { Machine, Property, Schedule } from '@checkstop/kernel';
import { claimAnew, OwnershipChanged, promote } from './ownership.ts';
import { type RerunViolation, rerun } from './rerun.ts';

/** One line of a timeline. */
export interface TimelineRow {
  /** Number of the (first) step, counted from 0. */
  readonly step: number;
  /** Steps on this line: local ones of one agent in a row share a line. */
  readonly count: number;
  readonly agent: number;
  /** `step`, or the fault or other action that happened. */
  readonly action: string;
  /** What the (first) step was, in words. */
  readonly text: string;
  /** Whether another agent could have noticed it. */
  readonly visible: boolean;
  /** What the lanes show afterwards, in the order of machine.lanes. */
  readonly lanes: readonly string[];
  readonly violations: readonly RerunViolation[];
}

/** A run in rows, and what the end has against it. */
export interface Timeline {
  readonly agents: readonly string[];
  readonly lanes: readonly string[];
  readonly rows: readonly TimelineRow[];
  /** What bottom properties say about the end. */
  readonly ending: readonly RerunViolation[];
  readonly stopped: { readonly reason: string; readonly agent: number } | undefined;
}

/**
 * Executes a schedule from the state the machine is in and tells it in rows: one for each visible step, with the local
 * steps between them folded. The machine is given back as it was.
 *
 * @throws CheckstopError REPLAY_DIVERGED when a step of the schedule is not possible
 */
export function timeline(
  machine: Machine,
  schedule: Schedule,
  properties: readonly Property[] = machine.properties,
): Timeline {
  const { arena, lanes } = machine;
  const start = arena.snapshot();
  const steps: Omit<TimelineRow, 'visible'>[] = [];
  try {
    const result = rerun(machine, schedule, properties, {
      before: (step, agent, action) =>
        void steps.push({
          step,
          count: 1,
          agent,
          action,
          text: machine.describeAgent(agent),
          lanes: [],
          violations: [],
        }),
      after: (step, violations) => {
        steps[step] = { ...steps[step], lanes: lanes.map((lane) => lane.value()), violations };
      },
    });
    arena.restore(start);
    const visible = visibleSteps(machine, schedule);
    return {
      agents: machine.agents.map((agent) => agent.name),
      lanes: lanes.map((lane) => lane.name),
      rows: fold(steps.map((step, i) => ({ ...step, visible: visible[i] }))),
      ending: result.ending,
      stopped: result.stopped,
    };
  } finally {
    arena.restore(start);
  }
}

/** Local steps in a row about which there is nothing to say become one row. */
function fold(steps: readonly TimelineRow[]): TimelineRow[] {
  const isPlain = ({ action, visible, violations }: TimelineRow): boolean =>
    action === 'step' && !visible && violations.length === 0;
  const rows: TimelineRow[] = [];
  for (const step of steps) {
    const last = rows.at(-1);
    const folds =
      last && last.agent === step.agent && isPlain(last) && isPlain(step) && last.lanes.join() === step.lanes.join();
    if (folds) rows[rows.length - 1] = { ...last, count: last.count + 1 };
    else rows.push(step);
  }
  return rows;
}

/** By step: does it touch what is not its agent's own? Memory that only one agent uses in this run is its own. */
function visibleSteps(machine: Machine, schedule: Schedule): boolean[] {
  const { arena } = machine;
  const start = arena.snapshot();
  const restoreOwners = claimAnew(arena);
  try {
    for (;;) {
      const { visible, changed } = footprints(machine, schedule);
      arena.restore(start);
      if (changed) promote(arena, changed);
      else return visible;
    }
  } finally {
    restoreOwners();
  }
}

function footprints(machine: Machine, schedule: Schedule): { visible: boolean[]; changed?: OwnershipChanged } {
  const { arena } = machine;
  const visible: boolean[] = [];
  let changed: OwnershipChanged | undefined;
  for (const { agent, action, count, answers } of schedule) {
    const left = [...answers];
    for (let i = 0; i < count; i++) {
      arena.track(agent);
      const number = machine.actions.indexOf(action);
      // What the step depends on begins with whether it can be taken.
      machine.available(agent, number);
      machine.step(agent, number, () => left.shift() ?? 0);
      visible.push(((arena.touchedRead | arena.touchedWrite) & ~(1 << agent)) !== 0);
      if (arena.conflict >= 0) changed ??= new OwnershipChanged(arena.conflict, agent);
    }
  }
  return { visible, ...(changed && { changed }) };
}
