import type { Machine, Snapshot } from '@checkstop/kernel';
import { FAIRNESS, type Fairness } from './fairness.ts';

interface Node {
  /** Faults too: they may strike for ever, where their number is not bounded. */
  readonly edges: { readonly to: string; readonly agent: number }[];
  readonly able: readonly boolean[];
  readonly stopped: boolean;
  /** By response property and agent. */
  readonly pending: Readonly<Record<string, readonly boolean[]>>;
}

/**
 * Which response properties are violated under which profile, by the definitions and nothing clever: every state
 * stored as it is, every step interleaved, and every way to be fair tried. Undefined when there are too many states.
 */
export function violatedNaively(machine: Machine, maxStates: number): Record<string, Fairness[]> | undefined {
  const nodes = everyNode(machine, maxStates);
  if (!nodes) return undefined;
  const everyone = machine.agents.map((_, agent) => agent);
  const verdicts = machine.properties.flatMap(({ name, kind }) => {
    if (kind !== 'response') return [];
    const under = FAIRNESS.filter((fairness) =>
      everyone.some((observed) => {
        const within = new Map([...nodes].filter(([, node]) => !node.stopped && node.pending[name][observed]));
        return hasFairRun(within, everyone, fairness);
      }),
    );
    return [[name, under] as const];
  });
  return Object.fromEntries(verdicts);
}

/** Whether some run stays among these nodes for ever, is fair, or has come to its end there. */
function hasFairRun(nodes: Map<string, Node>, everyone: readonly number[], fairness: Fairness): boolean {
  if ([...nodes.values()].some((node) => node.able.every((able) => !able))) return true;
  if (fairness !== 'strong') {
    return loops(nodes).some((loop) =>
      everyone.every(
        (agent) => fairness === 'none' || moves(loop, agent) || [...loop.values()].some((n) => !n.able[agent]),
      ),
    );
  }
  // Some agents are never able to step in what is visited for ever, and all the others step.
  return subsets(everyone).some((idle) => {
    const within = new Map([...nodes].filter(([, node]) => idle.every((agent) => !node.able[agent])));
    return loops(within).some((loop) => everyone.every((agent) => idle.includes(agent) || moves(loop, agent)));
  });
}

const moves = (loop: Map<string, Node>, agent: number): boolean =>
  [...loop.values()].some((node) => node.edges.some((edge) => edge.agent === agent && loop.has(edge.to)));

const subsets = (set: readonly number[]): number[][] =>
  Array.from({ length: 1 << set.length }, (_, mask) => set.filter((_, i) => (mask >> i) & 1));

/** Sets of nodes that reach each other by at least one edge. */
function loops(nodes: Map<string, Node>): Map<string, Node>[] {
  const reach = new Map<string, Set<string>>();
  for (const from of nodes.keys()) {
    const seen = new Set<string>();
    const visit = (at: string): void => {
      for (const { to } of nodes.get(at)?.edges ?? []) if (nodes.has(to)) seen.add(to);
    };
    visit(from);
    for (const at of seen) visit(at);
    reach.set(from, seen);
  }
  const found: Map<string, Node>[] = [];
  const placed = new Set<string>();
  for (const [from, seen] of reach) {
    if (!seen.has(from) || placed.has(from)) continue;
    const members = [...seen].filter((to) => reach.get(to)?.has(from));
    for (const member of members) placed.add(member);
    found.push(new Map(members.map((member) => [member, nodes.get(member) as Node])));
  }
  return found;
}

function everyNode(machine: Machine, maxStates: number): Map<string, Node> | undefined {
  const { arena, agents, actions } = machine;
  const key = (snapshot: Snapshot): string => Buffer.concat([snapshot.state, snapshot.ram]).toString('latin1');
  const start = arena.snapshot();
  const nodes = new Map<string, Node>();
  const queue = [start];
  const harmless = actions.flatMap((_, action) => (machine.cost(action) === 'fault' ? [] : [action]));
  for (const snapshot of queue) {
    if (nodes.has(key(snapshot))) continue;
    if (nodes.size === maxStates) break;
    arena.restore(snapshot);
    const node: Node = {
      edges: [],
      able: agents.map((_, agent) => harmless.some((action) => machine.available(agent, action))),
      stopped: machine.stopped !== undefined,
      pending: Object.fromEntries(
        machine.properties.flatMap((property) =>
          property.kind === 'response' ? [[property.name, agents.map((_, agent) => property.pending(agent))]] : [],
        ),
      ),
    };
    nodes.set(key(snapshot), node);
    for (const agent of agents.keys())
      for (const action of actions.keys())
        for (let answers: number[] | undefined = []; answers; ) {
          arena.restore(snapshot);
          if (!machine.available(agent, action)) break;
          const asked = machine.step(agent, action, answers);
          const after = arena.snapshot();
          queue.push(after);
          node.edges.push({ to: key(after), agent });
          const more = asked.findLastIndex((choice) => choice.answer + 1 < choice.count);
          answers = more < 0 ? undefined : [...asked.slice(0, more).map((c) => c.answer), asked[more].answer + 1];
        }
  }
  const isTooLarge = queue.some((snapshot) => !nodes.has(key(snapshot)));
  arena.restore(start);
  return isTooLarge ? undefined : nodes;
}
