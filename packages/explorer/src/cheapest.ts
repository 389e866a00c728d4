import { CostQueue } from './cost-queue.ts';
import type { Expander } from './expander.ts';
import { Ints } from './ints.ts';
import { type Leg, legOf } from './path.ts';
import type { SearchGraph } from './search-graph.ts';
import type { Note } from './steps.ts';
import { StateTable } from './visited.ts';

/** What a path is looked for to: a remark that a property makes on the way, or a state. */
export interface Target {
  remark(note: Note): boolean;
  state(tuple: Int32Array): boolean;
  /** By agent: what stands for it in such states; local steps alone may lead to one, where the graph with folded steps has no state. */
  readonly stops?: readonly ReadonlySet<number>[] | undefined;
}

/** Integers that a leg takes. */
const LEG = 4;
/** Bytes of a number in a growing list, and of an arrival with its leg, roughly. */
const COST_BYTES = 16;
const ARRIVAL_BYTES = 128;
/** Of an entry of a map, roughly. */
const STOP_BYTES = 64;
const PREEMPTION = 2 ** 20;
const FAULT = 2 ** 40;

/**
 * Looks for the cheapest path to each of several targets: fewest faults, then fewest preemptions, then fewest visible
 * steps. Uniform-cost search over (state, agent that stepped last), whose first arrival at a target is the best.
 */
export class CheapestPaths {
  /** By target; undefined while not found. */
  readonly found: (Leg[] | undefined)[];
  private readonly nodes: StateTable;
  private readonly cost: number[] = [];
  private readonly parent = new Ints();
  /** Per node: agent, image, action, outcome of the leg that leads to it. */
  private readonly legs = new Ints();
  private readonly queue = new CostQueue();
  /** By agent and what stands for it: SearchGraph.stops. */
  private readonly stops: Map<number, readonly number[]>[];
  private stopBytes = 0;
  private readonly arrivals: { target: number; node: number; leg: Leg }[] = [];
  /** A row being looked up, and the row being expanded with its first part, the state. */
  private readonly arrived: Int32Array;
  private readonly node: Int32Array;
  private readonly tuple: Int32Array;
  private current = 0;
  private base = 0;
  private switching = 0;

  constructor(
    private readonly expander: Expander,
    private readonly graph: SearchGraph,
    private readonly targets: readonly Target[],
  ) {
    this.found = targets.map(() => undefined);
    this.stops = Array.from({ length: expander.agents }, () => new Map());
    this.nodes = new StateTable(expander.agents + 2);
    this.arrived = new Int32Array(expander.agents + 2);
    this.node = new Int32Array(expander.agents + 2);
    this.tuple = this.node.subarray(0, expander.agents + 1);
    this.reach(graph.initial, -1, 0, -1);
  }

  /** Whether every target is found, or is known not to be reachable. */
  get done(): boolean {
    return this.queue.isEmpty || this.found.every((path) => path !== undefined);
  }

  get bytes(): number {
    const tables = this.nodes.bytes + this.parent.bytes + this.legs.bytes + this.queue.bytes + this.stopBytes;
    return tables + COST_BYTES * this.cost.length + ARRIVAL_BYTES * this.arrivals.length;
  }

  get states(): number {
    return this.nodes.count;
  }

  /** Goes on for `expansions` states. */
  advance(expansions: number): void {
    for (let i = 0; i < expansions && !this.done; i++) this.settleNext();
  }

  private settleNext(): void {
    const { cost, entry } = this.queue.pop();
    if (entry < 0) {
      const { target, node, leg } = this.arrivals[~entry];
      this.found[target] ??= this.pathTo(node, leg);
      return;
    }
    if (this.cost[entry] !== cost) return;
    this.nodes.read(entry, this.node);
    this.targets.forEach((target, i) => {
      if (!this.found[i] && target.state(this.tuple)) this.found[i] = this.pathTo(entry);
    });
    const { expander, tuple } = this;
    if (expander.memo.isStopped(tuple[expander.agents])) return;
    this.current = entry;
    this.base = cost;
    const last = this.node[tuple.length];
    this.switching = last >= 0 && this.graph.enabled(last, tuple) ? last : -1;
    this.graph.expand(tuple, this.visit, true);
    this.takeStops();
  }

  /** The transitions to where an agent may stop on its way, because others may already be where the path is to end. */
  private takeStops(): void {
    if (this.targets.every(({ stops }) => stops === undefined)) return;
    for (let agent = 0; agent < this.expander.agents; agent++) {
      const stops = this.stopsOf(agent);
      for (let i = 0; i < stops.length; i += 3)
        this.graph.run(this.tuple, agent, stops[i], stops[i + 1], stops[i + 2], this.visit);
    }
  }

  private stopsOf(agent: number): readonly number[] {
    const { graph, tuple, targets } = this;
    const known = this.stops[agent].get(tuple[agent]);
    if (known) return known;
    const stops = graph.stops(agent, tuple, (at) => targets.some((target) => target.stops?.[agent].has(at)));
    this.stops[agent].set(tuple[agent], stops);
    this.stopBytes += STOP_BYTES + 8 * stops.length;
    return stops;
  }

  private readonly visit = (): void => {
    const { edge } = this.graph;
    const { memo } = this.expander;
    const preempts = this.switching >= 0 && edge.agent !== this.switching;
    const cost = this.base + edge.faults * FAULT + (preempts ? PREEMPTION : 0) + edge.visible;
    if (edge.outcome >= 0 && memo.hasNote(edge.outcome)) this.arrive(cost);
    if (!edge.remark) this.reach(edge.next, edge.last, cost, this.current);
  };

  private arrive(cost: number): void {
    const { edge } = this.graph;
    const note = this.expander.memo.note(edge.outcome);
    this.targets.forEach((target, i) => {
      if (this.found[i] || !note || !target.remark(note)) return;
      this.arrivals.push({ target: i, node: this.current, leg: legOf(edge) });
      this.queue.push(cost, ~(this.arrivals.length - 1));
    });
  }

  private reach(tuple: Int32Array, last: number, cost: number, parent: number): void {
    const { arrived, nodes, legs, graph } = this;
    arrived.set(tuple);
    arrived[tuple.length] = last;
    const node = nodes.add(arrived);
    if (nodes.added) {
      this.parent.push(parent);
      for (let i = 0; i < LEG; i++) legs.push(0);
    } else if (this.cost[node] <= cost) return;
    this.parent.data[node] = parent;
    this.cost[node] = cost;
    legs.data.set([graph.edge.agent, graph.edge.image, graph.edge.action, graph.edge.outcome], node * LEG);
    this.queue.push(cost, node);
  }

  private pathTo(node: number, last?: Leg): Leg[] {
    const legs: Leg[] = last ? [last] : [];
    for (let at = node; this.parent.data[at] >= 0; at = this.parent.data[at]) {
      const [agent, image, action, outcome] = this.legs.data.subarray(at * LEG, at * LEG + LEG);
      legs.push({ agent, image, action, outcome });
    }
    return legs.reverse();
  }
}
