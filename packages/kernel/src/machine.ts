import type { Agent, Alternative, Lane, Offer } from './agent.ts';
import type { Arena } from './arena/arena.ts';
import { GRANULE } from './arena/descriptor.ts';
import { SHARED_BIT } from './arena/layout.ts';
import type { Ram } from './arena/ram.ts';
import { boot } from './boot.ts';
import type { Bus } from './bus.ts';
import { disposeAll, type Effect } from './effect.ts';
import { CheckstopError } from './error.ts';
import type { Capabilities, CapabilityName } from './plugin.ts';
import type { Property } from './property.ts';
import { type Answer, type Answers, type RunOptions, type RunResult, run } from './run.ts';
import type { Scheduler } from './scheduler/scheduler.ts';

/** What identifies a plugin in traces, tokens and verdicts. */
export interface PluginIdentity {
  readonly name: string;
  readonly version: string;
  readonly options: unknown;
}

/** @internal What createMachine puts together. */
export interface Parts {
  readonly bus: Bus;
  readonly arena: Arena;
  readonly ram: Ram;
  readonly agents: readonly Agent[];
  readonly offers: readonly Offer[];
  readonly properties: readonly Property[];
  readonly describers: readonly ((agent: number) => string | undefined)[];
  readonly lanes: readonly Lane[];
  readonly plugins: readonly PluginIdentity[];
  readonly capabilities: ReadonlyMap<string, unknown>;
  /** By capability, the name of the plugin that provides it. */
  readonly providers: ReadonlyMap<string, string>;
  readonly stopReasons: readonly string[];
  /** Address of the shared granule that holds 0, or 1 + reason; the agent that stopped the machine follows, as an agentId. */
  readonly stopCell: number;
  readonly effects: Effect[];
}

/**
 * A machine put together from plugins: agents that can be stepped, one at a time, over one arena. Everything that may happen next is an alternative; who picks is a scheduler.
 */
export class Machine {
  readonly bus: Bus;
  readonly arena: Arena;
  readonly ram: Ram;
  readonly agents: readonly Agent[];
  readonly properties: readonly Property[];
  readonly plugins: readonly PluginIdentity[];
  /** Action names by number: 0 is `step`, the others are those of the offers. */
  readonly actions: readonly string[];
  /** Labels of what plugins want shown beside the agents. */
  readonly lanes: readonly Lane[];
  private stepping = -1;
  private answers: Answers = [];
  /** @internal The choices asked since the last `perform` began. */
  asked: Answer[] = [];

  /** @internal Use createMachine. */
  constructor(private readonly parts: Parts) {
    this.bus = parts.bus;
    this.arena = parts.arena;
    this.ram = parts.ram;
    this.agents = parts.agents;
    this.properties = parts.properties;
    this.plugins = parts.plugins;
    this.lanes = parts.lanes;
    this.actions = ['step', ...parts.offers.map((offer) => offer.action)];
  }

  /** A capability that some plugin provided. */
  use<K extends CapabilityName>(name: K): Capabilities[K] {
    if (!this.parts.capabilities.has(name))
      throw new CheckstopError('CAPABILITY_MISSING', `No plugin of this machine provides '${name}'.`, {
        capability: name,
      });
    return this.parts.capabilities.get(name) as Capabilities[K];
  }

  /** Name of the plugin that provides a capability, for messages; undefined when none does. */
  providerOf(name: CapabilityName): string | undefined {
    return this.parts.providers.get(name);
  }

  // ---- what may happen ----

  /** Cost class of an action by number. */
  cost(action: number): Alternative['cost'] {
    return action === 0 ? 'none' : this.parts.offers[action - 1].cost;
  }

  /** Could this action (by number) happen to this agent now? Reads state, so it has a footprint; nothing is available once the machine stopped. */
  available(agent: number, action: number): boolean {
    if (this.stopped) return false;
    return action === 0 ? this.agents[agent].enabled() : this.parts.offers[action - 1].available(agent);
  }

  /** Everything that may happen next: by agent, its step first, then the offers. */
  alternatives(): Alternative[] {
    const list: Alternative[] = [];
    for (let agent = 0; agent < this.agents.length; agent++)
      for (let action = 0; action < this.actions.length; action++)
        if (this.available(agent, action)) list.push({ agent, action: this.actions[action], cost: this.cost(action) });
    return list;
  }

  // ---- making it happen ----

  /**
   * Makes one action happen to one agent: a single step, or an offer. Returns the choices that were asked inside.
   *
   * The action must be available.
   *
   * @throws CheckstopError STEP_IMPOSSIBLE when there is no such agent or action, and whatever the step throws
   */
  step(agent: number, action = 0, answers: Answers = []): readonly Answer[] {
    const { agents, actions } = this;
    if (!agents[agent] || actions[action] === undefined)
      throw new CheckstopError(
        'STEP_IMPOSSIBLE',
        `Agent ${agent} can't take action ${action}: there are agents 0 to ${agents.length - 1} and actions 0 to ${actions.length - 1} (${actions.join(', ')}).`,
        { agent, action },
      );
    this.perform(agent, action, 1, answers);
    return this.asked;
  }

  /** A choice inside a step, among `count` alternatives. Called by plugins; answered by whoever drives: a scheduler, an explorer, a recorded schedule. */
  choose(name: string, count: number): number {
    const { answers, asked } = this;
    const answer = (typeof answers === 'function' ? answers(name, count) : answers[asked.length]) ?? 0;
    if (!Number.isInteger(answer) || answer < 0 || answer >= count)
      throw new CheckstopError(
        'CHOICE_OUT_OF_RANGE',
        `The choice '${name}' has ${count} alternatives; ${answer} is none of them.`,
        { name, count, answer },
      );
    asked.push({ name, count, answer });
    this.bus.emit('choice', { agent: this.stepping, name, count, answer });
    return answer;
  }

  /**
   * Runs under a scheduler until the machine stops, nothing is left to do, `until` says so, the scheduler ends, or `maxSteps` are used.
   *
   * @throws CheckstopError SCHEDULER_BAD_DECISION, and whatever a step throws
   */
  run(scheduler: Scheduler, options: RunOptions): RunResult {
    return run(this, scheduler, options);
  }

  /**
   * Boots: steps the agents round robin, one step at a time and without offers, each until the `boot` capability says that it has booted.
   *
   * @returns the number of steps
   * @throws CheckstopError BOOT_NEVER_READY when that takes more than `maxSteps`, or can't happen any more
   */
  boot(options: { readonly maxSteps: number } = { maxSteps: 1_000_000 }): number {
    return boot(this, options.maxSteps);
  }

  /** @internal As `step`, with a budget; returns the steps used. The choices asked are in `asked`. */
  perform(agent: number, action: number, budget: number, answers: Answers): number {
    this.stepping = agent;
    this.answers = answers;
    this.asked = [];
    if (this.bus.listened('step')) this.bus.emit('step', { agent, action: this.actions[action] });
    if (action > 0) {
      this.parts.offers[action - 1].perform(agent);
      return 1;
    }
    const steps = this.agents[agent].step(budget);
    if (!(steps >= 1 && steps <= budget))
      throw new CheckstopError(
        'AGENT_BAD_STEP',
        `${this.agents[agent].name} says it took ${steps} steps of a budget of ${budget}; step() takes at least one.`,
        { agent, steps, budget },
      );
    return steps;
  }

  // ---- the end ----

  /**
   * Stops the machine for good, for one of the declared reasons.
   *
   * @param agent who did it; -1 for nobody
   * @throws CheckstopError STOP_UNKNOWN_REASON, STATE_NO_SUCH_AGENT
   */
  stop(reason: string, agent: number): void {
    const index = this.parts.stopReasons.indexOf(reason);
    if (index < 0)
      throw new CheckstopError(
        'STOP_UNKNOWN_REASON',
        `'${reason}' was not declared with ctx.stops(); known: ${this.parts.stopReasons.join(', ')}.`,
      );
    if (!this.agents[agent] && agent !== -1)
      throw new CheckstopError('STATE_NO_SUCH_AGENT', `There is no agent ${agent} to stop the machine.`, { agent });
    if (this.stopped) return;
    const { stopCell } = this.parts;
    this.arena.writeGranule(stopCell, 1 + index, 0, false, SHARED_BIT);
    this.arena.writeGranule(stopCell + GRANULE, 1 + agent, 0, false, SHARED_BIT);
    this.bus.emit('stop', { agent, reason });
  }

  /** Why and by whom the machine was stopped, if it was. Looking leaves no footprint: once stopped nothing can happen, so there is nothing to commute with. */
  get stopped(): { readonly reason: string; readonly agent: number } | undefined {
    const { stopCell, stopReasons } = this.parts;
    const { u32 } = this.arena;
    const value = u32[stopCell / 4];
    return value === 0 ? undefined : { reason: stopReasons[value - 1], agent: u32[(stopCell + GRANULE) / 4] - 1 };
  }

  /** Undoes what the plugins did outside the machine, last first. */
  dispose(): void {
    disposeAll(this.parts.effects);
  }

  // ---- in words ----

  /** What the next step of this agent is. */
  describeAgent(agent: number): string {
    for (const describe of this.parts.describers) {
      const text = describe(agent);
      if (text !== undefined) return text;
    }
    return '(no plugin describes it)';
  }
}
