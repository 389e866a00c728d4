import type { Machine, Property, Snapshot } from '@checkstop/kernel';
import { type Touch, type Touches, visibleAmong } from './touch.fixture.ts';

/** What a search must find out, found out the plain way. */
export interface Naive {
  /** Violated property to the fewest faults, then preemptions, then visible steps, that show it. */
  readonly violated: Record<string, Cost>;
  readonly goals: readonly string[];
  readonly states: number;
}

type Cost = readonly [faults: number, preemptions: number, visible: number];

interface Node {
  readonly snapshot: Snapshot;
  /** By successor key and agent: whether the way there is a fault, and what properties said on it. */
  readonly edges: { to: string; agent: number; fault: boolean; touch: Touch; violations: string[] }[];
  readonly enabled: boolean[];
  readonly stopped: boolean;
  /** Bottom properties that complain here, and invariants that are broken. */
  readonly complaints: string[];
  readonly broken: string[];
}

/** Explores with snapshots, string keys and nothing clever at all: what the real search is compared with. Undefined when there are too many states for that. No step is visible unless it is said what steps touch. */
export function exploreNaively(machine: Machine, maxStates: number, touches: Touches = () => ({})): Naive | undefined {
  const { arena, properties } = machine;
  const heard = { violations: [] as string[], goals: new Set<string>() };
  const disposers = properties.flatMap((p) => {
    if (p.kind === 'event')
      return p.on.map((name) =>
        machine.bus.on(name, (payload) => {
          if (p.check(payload, name) !== undefined) heard.violations.push(p.name);
        }),
      );
    if (p.kind === 'goal')
      return p.on.map((name) =>
        machine.bus.on(name, (payload) => {
          const key = p.reach(payload, name);
          if (key !== undefined) heard.goals.add(key);
        }),
      );
    return [];
  });
  const start = arena.snapshot();
  const nodes = new Map<string, Node>();
  const key = (snapshot: Snapshot): string => Buffer.concat([snapshot.state, snapshot.ram]).toString('latin1');
  const saying = (kind: Property['kind']): string[] =>
    properties
      .filter((p) => p.kind === kind && 'check' in p && p.check({} as never, '' as never) !== undefined)
      .map((p) => p.name);

  const queue = [start];
  let isTooLarge = false;
  while (queue.length > 0) {
    const snapshot = queue.shift() as Snapshot;
    if (nodes.has(key(snapshot))) continue;
    if (nodes.size === maxStates) {
      isTooLarge = true;
      break;
    }
    arena.restore(snapshot);
    const node: Node = {
      snapshot,
      edges: [],
      enabled: machine.agents.map((_, agent) => machine.available(agent, 0)),
      stopped: machine.stopped !== undefined,
      complaints: saying('bottom'),
      broken: saying('invariant'),
    };
    nodes.set(key(snapshot), node);
    machine.agents.forEach((_, agent) => {
      machine.actions.forEach((__, action) => {
        for (let answers: number[] | undefined = []; answers; ) {
          arena.restore(snapshot);
          if (!machine.available(agent, action)) return;
          heard.violations = [];
          const touch = touches(agent, action);
          const asked = machine.step(agent, action, answers);
          const after = arena.snapshot();
          queue.push(after);
          const fault = machine.cost(action) === 'fault';
          node.edges.push({ to: key(after), agent, fault, touch, violations: heard.violations });
          const more = asked.findLastIndex((choice) => choice.answer + 1 < choice.count);
          answers = more < 0 ? undefined : [...asked.slice(0, more).map((c) => c.answer), asked[more].answer + 1];
        }
      });
    });
  }
  arena.restore(start);
  for (const dispose of disposers) dispose();
  if (isTooLarge) return undefined;
  return { violated: cheapest(nodes, key(start), machine), goals: [...heard.goals].sort(), states: nodes.size };
}

function cheapest(nodes: Map<string, Node>, start: string, machine: Machine): Naive['violated'] {
  const best: Record<string, Cost> = {};
  const isVisible = visibleAmong([...nodes.values()].flatMap(({ edges }) => edges));
  const trapped = bottomStates(nodes, machine);
  const offer = (name: string, cost: Cost): void => {
    if (!best[name] || less(cost, best[name])) best[name] = cost;
  };
  // Bellman-Ford by rounds over (state, last agent): slow, and hard to get wrong.
  const costs = new Map<string, Cost>([[`${start}@-1`, [0, 0, 0]]]);
  let open = [{ at: start, last: -1 }];
  while (open.length > 0) {
    const next: typeof open = [];
    for (const { at, last } of open) {
      const node = nodes.get(at) as Node;
      const [faults, preemptions, visible] = costs.get(`${at}@${last}`) as Cost;
      for (const name of [...node.broken, ...(trapped.get(at) ?? [])]) offer(name, [faults, preemptions, visible]);
      for (const edge of node.edges) {
        const preempts = last >= 0 && edge.agent !== last && node.enabled[last];
        const cost: Cost = [
          faults + (edge.fault ? 1 : 0),
          preemptions + (preempts ? 1 : 0),
          visible + (isVisible(edge.touch) ? 1 : 0),
        ];
        for (const name of edge.violations) offer(name, cost);
        const to = `${edge.to}@${edge.agent}`;
        const known = costs.get(to);
        if (known && !less(cost, known)) continue;
        costs.set(to, cost);
        next.push({ at: edge.to, last: edge.agent });
      }
    }
    open = next;
  }
  return best;
}

/** By state in a bottom component (without faults) that has no stop: the bottom properties that complain in all of it. */
function bottomStates(nodes: Map<string, Node>, machine: Machine): Map<string, string[]> {
  const reach = new Map<string, Set<string>>();
  for (const from of nodes.keys()) {
    const seen = new Set([from]);
    for (const at of seen) for (const edge of nodes.get(at)?.edges ?? []) if (!edge.fault) seen.add(edge.to);
    reach.set(from, seen);
  }
  const result = new Map<string, string[]>();
  for (const [from, seen] of reach) {
    const members = [...seen];
    if (!members.every((to) => reach.get(to)?.has(from))) continue;
    if (members.some((to) => nodes.get(to)?.stopped)) continue;
    const names = machine.properties.map((p) => p.name);
    result.set(
      from,
      names.filter((name) => members.every((to) => nodes.get(to)?.complaints.includes(name))),
    );
  }
  return result;
}

const less = (a: Cost, b: Cost): boolean => (a[0] - b[0] || a[1] - b[1] || a[2] - b[2]) < 0;
