import {
  type Alternative,
  appendMove,
  type Machine,
  type Move,
  type Property,
  type Schedule,
  type Scheduler,
} from '@checkstop/kernel';
import { Circle } from './circle.ts';
import { Monitor, type RunViolation } from './monitor.ts';
import type { Coverage, Tagging } from './watch.ts';

/** How a walk goes. */
export interface WalkOptions {
  readonly properties: readonly Property[];
  readonly maxSteps: number;
  /** Names of properties whose violation does not end the walk. */
  readonly known: ReadonlySet<string>;
  readonly outcomes?: readonly Tagging[];
}

/** States that are looked at to find out whether an end is one: more than an end at which somebody waits is made of. */
const END_STATES = 20_000;

/**
 * One run from the state the machine is in, watched step by step. It ends where nothing can happen any more, where the
 * scheduler ends it, at the first violation that is not known yet, in an end that it would circle in for ever, and after
 * `maxSteps` steps.
 */
export class Walk {
  /** Every single step. */
  readonly taken: Move[] = [];
  /** By step: preemptions before it, its own included. */
  private readonly preemptions: number[] = [];
  private readonly violations: RunViolation[] = [];
  private readonly monitor: Monitor;
  private readonly circle = new Circle();
  private result: WalkResult | undefined;

  /** Listens on the machine's bus until it is done, or disposed. */
  constructor(
    private readonly machine: Machine,
    private readonly scheduler: Scheduler,
    private readonly options: WalkOptions,
  ) {
    this.monitor = new Monitor(machine, options.properties, options.outcomes);
  }

  /** What came of it; undefined while it goes on. */
  get done(): WalkResult | undefined {
    return this.result;
  }

  /** What is covered so far. */
  get coverage(): Coverage {
    return this.monitor.coverage;
  }

  /** Goes on for at most so many steps. */
  advance(steps: number): void {
    for (let left = steps; left > 0 && !this.result; left--) this.step();
  }

  /** Goes to the end. */
  run(): WalkResult {
    while (!this.result) this.step();
    return this.result;
  }

  /** Listens no more. */
  dispose(): void {
    this.monitor.dispose();
  }

  /** Takes a step, or finds that this is the end. */
  private step(): void {
    const { machine, monitor, circle, taken, options } = this;
    const steps = taken.length;
    const news = monitor.beforeStep();
    this.violations.push(...news);
    if (news.some(({ property }) => !options.known.has(property))) this.finish('violation');
    else if (steps >= options.maxSteps) this.finish('limit', this.judge());
    else {
      const alternatives = machine.alternatives();
      const began = circle.closedBy(machine.arena.hash(), steps, alternatives);
      const ending = began === undefined ? [] : this.judge(began);
      if (ending.length > 0) this.finish('circle', ending);
      else {
        if (began !== undefined) circle.wasNone(steps);
        const decision = alternatives.length > 0 ? this.scheduler.next(alternatives) : undefined;
        if (decision) this.take(alternatives[decision.index]);
        else this.finish('end', this.judge());
      }
    }
  }

  private take({ agent, action }: Alternative): void {
    const { machine, taken, scheduler, preemptions } = this;
    const last = taken.at(-1)?.agent;
    const turned = last !== undefined && last !== agent && machine.available(last, 0);
    preemptions.push((preemptions.at(-1) ?? 0) + (turned ? 1 : 0));
    this.circle.take(agent, taken.length);
    const choose = (name: string, count: number): number => scheduler.choose?.(name, count) ?? 0;
    const asked = machine.step(agent, machine.actions.indexOf(action), choose);
    taken.push({ agent, action, count: 1, answers: asked.map(({ answer }) => answer) });
  }

  /** What is wrong with where it is, if that is an end. `certain`: after how many steps that was certain. */
  private judge(certain = this.taken.length): readonly RunViolation[] {
    return (this.monitor.judge(END_STATES) ?? []).map((violation) => ({ ...violation, step: certain }));
  }

  private finish(reason: WalkResult['reason'], ending: readonly RunViolation[] = []): void {
    this.dispose();
    this.result = { reason, steps: this.taken.length, violations: [...this.violations, ...ending] };
  }

  /** The run up to a step, and what it costs. */
  upTo(steps: number): CostedRun {
    const moves = this.taken.slice(0, steps);
    const faulty = this.machine.actions.filter((_, action) => this.machine.cost(action) === 'fault');
    return {
      schedule: fold(moves),
      faults: moves.filter(({ action }) => faulty.includes(action)).length,
      preemptions: this.preemptions[steps - 1] ?? 0,
      steps,
    };
  }
}

/** What came of a walk. `circle`: it would go in circles for ever, and that is wrong. */
export interface WalkResult {
  readonly reason: 'end' | 'violation' | 'circle' | 'limit';
  readonly steps: number;
  /** `step`: after how many steps it is certain. */
  readonly violations: readonly RunViolation[];
}

/** A run and its cost; `steps` counts every single one. */
export interface CostedRun {
  readonly schedule: Schedule;
  readonly faults: number;
  readonly preemptions: number;
  readonly steps: number;
}

/** Single steps as a schedule. */
export function fold(moves: Schedule): Move[] {
  const schedule: Move[] = [];
  for (const { agent, action, answers, count } of moves) appendMove(schedule, agent, action, answers, count);
  return schedule;
}
