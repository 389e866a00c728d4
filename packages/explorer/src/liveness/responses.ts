import type { Machine, ResponseProperty, Snapshot } from '@checkstop/kernel';
import type { Limits } from '../limits.ts';
import type { MachineSteps } from '../machine-steps.ts';
import { formatToken } from '../token.ts';
import { confirmLasso } from './confirm.ts';
import { FAIRNESS, type Fairness, fairComponents } from './fairness.ts';
import { type Lasso, spellRound } from './lasso.ts';
import { LocalWays } from './local-ways.ts';
import { Pending } from './pending.ts';
import { type Explored, PendingGraph } from './pending-graph.ts';
import { fairRound, type Round } from './walk.ts';

/** What response properties are judged on. */
export interface Judged extends Explored {
  readonly machine: Machine;
  readonly steps: Pick<MachineSteps, 'put' | 'initial'>;
  /** The state in which the search began. */
  readonly start: Snapshot;
  /** Goes into the tokens. */
  readonly config?: unknown;
}

/**
 * Decides the response properties of a machine on the explored graph: whether everything that is pending for an agent is
 * in the end not pending, or the machine stopped; under every profile of fairness. One property and agent at a time:
 *
 * ```ts
 * const responses = new Responses(judged, properties, { states: 1e6, bytes: 2 ** 28 });
 * while (!responses.done) responses.advance();
 * console.log(responses.lassos);
 * ```
 *
 * What is violated under a profile is violated under those before it, so an agent is asked only about the profiles that
 * no agent before it violated. A property has at most one lasso for each profile. A run that comes to an end while
 * something is pending counts as one without an end, under every profile: a deadlock is violated liveness too.
 */
export class Responses {
  readonly lassos: Lasso[] = [];
  /** States of the largest graph that was made, and bytes of it. */
  states = 0;
  bytes = 0;
  private readonly ways: LocalWays;
  private readonly pending: Pending;
  private next = 0;

  constructor(
    private readonly judged: Judged,
    private readonly properties: readonly ResponseProperty[],
    /** Of each graph that is made: states, and bytes held by it. */
    private readonly limits: Required<Pick<Limits, 'states' | 'bytes'>>,
  ) {
    this.ways = new LocalWays(judged.expander);
    this.pending = new Pending(judged.machine, judged.steps, properties);
  }

  /** Whether every property was asked about every agent. */
  get done(): boolean {
    return this.next >= this.properties.length * this.judged.expander.agents;
  }

  /**
   * Agents, a mask, whose steps the explored graph folds although it depends on them what is pending. If there are any,
   * the lassos are worth nothing: explore again with their steps not folded.
   */
  get newlyExposed(): number {
    return this.pending.exposed & ~this.judged.breadth.graph.stepwise;
  }

  /**
   * Asks one property about one agent.
   *
   * @throws LimitReached when there are more states, or they take more bytes, than allowed
   * @throws OwnershipChanged when asking reads memory that is believed to be another agent's
   * @throws CheckstopError EXPLORE_NOT_REPRODUCED when executing a lasso does not show it
   */
  advance(): void {
    if (this.done) return;
    const { judged, ways, properties, pending, limits } = this;
    const { agents } = judged.expander;
    const number = Math.floor(this.next / agents);
    const agent = this.next++ % agents;
    const property = properties[number];
    const open = FAIRNESS.filter((f) => !this.lassos.some((l) => l.property === property.name && l.fairness === f));
    if (open.length === 0) return;
    const graph = new PendingGraph(judged, ways, agent, (tuple) => pending.holds(number, agent, tuple), limits);
    this.states = Math.max(this.states, graph.table.count);
    this.bytes = Math.max(this.bytes, graph.bytes);
    if (this.newlyExposed !== 0) return;
    for (const fairness of open) {
      const round = firstRound(graph, fairness);
      if (!round) break;
      this.record(property, agent, fairness, graph, round);
    }
  }

  private record(
    property: ResponseProperty,
    agent: number,
    fairness: Fairness,
    graph: PendingGraph,
    round: Round,
  ): void {
    const { judged, ways } = this;
    const { machine, start, steps } = judged;
    const spelled = spellRound(judged, ways, graph, round, steps.initial);
    const text = confirmLasso(machine, start, property, { agent, fairness, ...spelled });
    const token = formatToken(machine, {
      config: judged.config,
      schedule: spelled.stem,
      hash: machine.arena.computeHash(),
      loop: { schedule: spelled.loop, property: property.name, agent, fairness },
    });
    this.lassos.push({ property: property.name, agent, fairness, text, ...spelled, token });
  }
}

/** A fair round through the component that the fewest transitions lead to. */
function firstRound(graph: PendingGraph, fairness: Fairness): Round | undefined {
  let first = Number.POSITIVE_INFINITY;
  let round: Round | undefined;
  fairComponents(graph, fairness, (members, activity) => {
    const least = members.reduce((a, b) => Math.min(a, b));
    if (least >= first) return;
    first = least;
    round = fairRound(graph, fairness, members, activity);
  });
  return round;
}
