import { type Difference, diffSnapshots, type Machine, type Property, type Schedule } from '@checkstop/kernel';
import type { RunViolation } from './monitor.ts';
import { OwnershipChanged } from './ownership.ts';
import { rerun } from './rerun.ts';

/** One step of a timeline. */
export interface TimelineRow {
  /** Number of the step, counted from 0. */
  readonly step: number;
  readonly agent: number;
  /** `step`, or the fault or other action that happened. */
  readonly action: string;
  /** What the step was, in words; for an action, what the agent was about to do. */
  readonly text: string;
  /** Whether another agent could have noticed it. */
  readonly visible: boolean;
  /** What the lanes show afterwards, in the order of machine.lanes. */
  readonly lanes: readonly string[];
  /** What the step changed in the architectural state, if asked for. */
  readonly changes: readonly Difference[];
  readonly violations: readonly RunViolation[];
}

/** A run in rows, and what the end has against it. */
export interface Timeline {
  readonly agents: readonly string[];
  readonly lanes: readonly string[];
  readonly rows: readonly TimelineRow[];
  /** The step with which the loop of a run without an end begins. */
  readonly loopAt?: number;
  /** What each agent would do next after the last step, in words. */
  readonly next: readonly string[];
  /** What bottom properties say about the end. */
  readonly ending: readonly RunViolation[];
  readonly stopped: { readonly reason: string; readonly agent: number } | undefined;
}

/** How to tell a run. */
export interface TimelineOptions {
  /** Default: the machine's. */
  readonly properties?: readonly Property[];
  /** Whether to say what each step changed: compares the whole state, RAM included, at each. Default false. */
  readonly changes?: boolean;
  /** For a run without an end: steps before its loop. Its end is none, and is not judged. */
  readonly loopAt?: number;
}

/**
 * Executes a schedule from the state the machine is in and tells it step by step. The machine is given back as it was.
 *
 * @throws CheckstopError REPLAY_DIVERGED when a step of the schedule is not possible
 */
export function timeline(machine: Machine, schedule: Schedule, options: TimelineOptions = {}): Timeline {
  const { arena, lanes, agents } = machine;
  const { changes = false, loopAt } = options;
  const all = options.properties ?? machine.properties;
  const properties = loopAt === undefined ? all : all.filter(({ kind }) => kind !== 'bottom');
  const start = arena.snapshot();
  const changed = changes ? watchChanges(machine) : () => [];
  const steps: Omit<TimelineRow, 'visible'>[] = [];
  try {
    const result = rerun(machine, schedule, properties, {
      before: (step, agent, action) =>
        void steps.push({
          step,
          agent,
          action,
          text: machine.describeAgent(agent),
          lanes: [],
          changes: [],
          violations: [],
        }),
      after: (step, violations) => {
        steps[step] = { ...steps[step], lanes: lanes.map((lane) => lane.value()), changes: changed(), violations };
      },
    });
    const next = agents.map((_, agent) => machine.describeAgent(agent));
    arena.restore(start);
    const visible = visibleSteps(machine, schedule);
    return {
      agents: agents.map((agent) => agent.name),
      lanes: lanes.map((lane) => lane.name),
      rows: steps.map((step, i) => ({ ...step, visible: visible[i] })),
      next,
      ...(loopAt !== undefined && { loopAt }),
      ending: result.ending,
      stopped: result.stopped,
    };
  } finally {
    arena.restore(start);
  }
}

/** Answers with what changed since it was last asked; what properties remember for themselves does not count. */
function watchChanges({ arena }: Machine): () => Difference[] {
  const layout = { ...arena.layout, records: arena.layout.records.filter(({ kind }) => kind === 'architectural') };
  let before = arena.snapshot();
  return () => {
    const after = arena.snapshot();
    const differences = diffSnapshots(layout, before, after);
    before = after;
    return differences;
  };
}

/**
 * By step: does it touch what is not its agent's own? Memory that only one agent uses in this run, and in what is done to `learn`
 * who uses what, is its own.
 */
export function visibleSteps(machine: Machine, schedule: Schedule, learn = (): void => undefined): boolean[] {
  const { arena } = machine;
  const start = arena.snapshot();
  arena.disown();
  try {
    learn();
    for (;;) {
      const { visible, changed } = footprints(machine, schedule);
      arena.restore(start);
      if (changed) arena.own(changed.conflict, changed.agent);
      else return visible;
    }
  } finally {
    arena.share();
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
      if (arena.conflict !== -1) changed ??= new OwnershipChanged(arena.conflict, agent);
    }
  }
  return { visible, ...(changed && { changed }) };
}
