import type { Machine, ResponseProperty, Snapshot } from '@checkstop/kernel';
import type { Limits } from '../limits.ts';
import { formatToken } from '../token.ts';
import { takeTurns } from '../turns.ts';
import { confirmLasso } from './confirm.ts';
import { FAIRNESS, type Fairness, fairComponents } from './fairness.ts';
import { type Lasso, spellRound } from './lasso.ts';
import { type Explored, ObservedSearch } from './observed-search.ts';
import { Pending } from './pending.ts';
import { PendingGraph } from './pending-graph.ts';
import { fairRound, type Round } from './walk.ts';

/** What response properties are judged on. */
export interface Judged extends Explored {
  readonly machine: Machine;
  /** The state in which the search began. */
  readonly start: Snapshot;
  /** Goes into the tokens. */
  readonly config?: unknown;
}

/**
 * Decides the response properties of an explored machine: whether everything that is pending for an agent is
 * in the end not pending, or the machine stopped; under every profile of fairness. One property and agent at a time:
 *
 * ```ts
 * const responses = new Responses(judged, properties, { states: 1e6, bytes: 2 ** 28 });
 * while (!responses.done) responses.advance(1000);
 * console.log(responses.lassos);
 * ```
 *
 * What is violated under a profile is violated under those before it, so an agent is asked only about the profiles that
 * no agent before it violated. A property has at most one lasso for each profile. A run that comes to an end while
 * something is pending counts as one without an end, under every profile: a deadlock is violated liveness too.
 */
export class Responses {
  readonly lassos: Lasso[] = [];
  private readonly pending: Pending;
  private search: ObservedSearch | undefined;
  /** A property is being asked about an agent. */
  private asking: Generator<undefined, void> | undefined;
  private next = 0;

  constructor(
    private readonly judged: Judged,
    private readonly properties: readonly ResponseProperty[],
    private readonly limits: Required<Pick<Limits, 'bytes'>>,
  ) {
    this.pending = new Pending(judged.machine, judged.steps, properties);
  }

  /** Whether every property was asked about every agent. */
  get done(): boolean {
    return this.next >= this.properties.length * this.judged.expander.agents;
  }

  /** States and bytes held by the search under way. */
  get states(): number {
    return this.search?.breadth.table.count ?? 0;
  }

  get bytes(): number {
    return this.pending.bytes + (this.search?.bytes ?? 0);
  }

  /**
   * Goes on for at most so many states, and with one agent at most.
   *
   * @throws LimitReached when a step would have to be executed and none may be, or a graph takes more bytes than allowed
   * @throws OwnershipChanged when memory is touched that is believed to be another agent's
   * @throws CheckstopError EXPLORE_NOT_REPRODUCED when executing a lasso does not show it
   */
  advance(expansions: number): void {
    if (this.done) return;
    this.asking ??= this.ask();
    if (!takeTurns(this.asking, expansions)) return;
    this.asking = undefined;
    this.search = undefined;
    this.next++;
  }

  /** Asks the next property about the next agent, a state with each turn. */
  private *ask(): Generator<undefined, void> {
    const { judged, properties, pending, limits } = this;
    const { agents } = judged.expander;
    const number = Math.floor(this.next / agents);
    const agent = this.next % agents;
    const property = properties[number];
    const open = FAIRNESS.filter((f) => !this.lassos.some((l) => l.property === property.name && l.fairness === f));
    if (open.length === 0) return;
    this.search = new ObservedSearch(judged, pending, number, agent);
    for (; !this.search.complete; yield) this.search.expandNext();
    const graph = new PendingGraph(this.search, limits);
    yield* graph.build();
    for (const fairness of open) {
      const round = firstRound(graph, fairness);
      if (!round) return;
      this.record(property, agent, fairness, graph, round);
      yield;
    }
  }

  private record(
    property: ResponseProperty,
    agent: number,
    fairness: Fairness,
    graph: PendingGraph,
    round: Round,
  ): void {
    const { judged } = this;
    const { machine, start } = judged;
    const spelled = spellRound(graph, judged, round);
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
