import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FAIRNESS, type FairGraph, type Fairness, fairComponents } from './fairness.ts';
import { fairRound } from './walk.ts';

const AGENTS = 3;
/** By node: who is able to step, a mask, and the edges, each with its mover. */
type Drawn = readonly { readonly able: number; readonly edges: readonly (readonly [to: number, mover: number])[] }[];

function graphOf(nodes: Drawn): FairGraph {
  const starts = [0];
  for (const { edges } of nodes) starts.push(starts[starts.length - 1] + edges.length);
  const flat = nodes.flatMap(({ edges }) => edges);
  return {
    edges: {
      count: nodes.length,
      starts: Int32Array.from(starts),
      targets: Int32Array.from(flat, ([to]) => to),
    },
    movers: Int32Array.from(flat, ([, mover]) => mover),
    able: Int32Array.from(nodes, ({ able }) => able),
  };
}

/** A set of nodes is what some run visits for ever if they are strongly connected by edges among themselves; each set is tried. */
function existsByDefinition(nodes: Drawn, fairness: Fairness): boolean {
  return Array.from({ length: 1 << nodes.length }, (_, set) => set).some((set) => {
    const has = (node: number): boolean => ((set >> node) & 1) === 1;
    const members = [...nodes.keys()].filter(has);
    const connected = members.every((from) => {
      const seen = new Set<number>();
      for (const [to] of nodes[from].edges) if (has(to)) seen.add(to);
      for (const at of seen) for (const [to] of nodes[at].edges) if (has(to)) seen.add(to);
      return members.every((to) => seen.has(to));
    });
    if (members.length === 0 || !connected) return false;
    return [...Array(AGENTS).keys()].every((agent) => {
      const ableIn = members.filter((node) => (nodes[node].able >> agent) & 1).length;
      const moves = members.some((node) => nodes[node].edges.some(([to, mover]) => mover === agent && has(to)));
      if (fairness === 'none' || moves) return true;
      return fairness === 'weak' ? ableIn < members.length : ableIn === 0;
    });
  });
}

const drawn: fc.Arbitrary<Drawn> = fc.integer({ min: 1, max: 7 }).chain((count) =>
  fc.array(
    fc.record({
      able: fc.nat((1 << AGENTS) - 1),
      edges: fc.array(fc.tuple(fc.nat(count - 1), fc.nat(AGENTS - 1)), { maxLength: 3 }),
    }),
    { minLength: count, maxLength: count },
  ),
);

describe('fairComponents', () => {
  it('finds one exactly where the definition does, with a round that is one and fair', () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(drawn, (nodes) => {
        const graph = graphOf(nodes);
        const under = FAIRNESS.filter((fairness) => {
          let found = false;
          fairComponents(graph, fairness, (members, activity) => {
            found = true;
            const { start, edges } = fairRound(graph, fairness, members, activity);
            let at = start;
            let [moved, always, sometimes] = [0, graph.able[start], graph.able[start]];
            for (const edge of edges) {
              expect(graph.edges.starts[at] <= edge && edge < graph.edges.starts[at + 1]).toBe(true);
              at = graph.edges.targets[edge];
              moved |= 1 << graph.movers[edge];
              always &= graph.able[at];
              sometimes |= graph.able[at];
            }
            expect([edges.length > 0, at]).toEqual([true, start]);
            expect({ none: 0, weak: always & ~moved, strong: sometimes & ~moved }[fairness]).toBe(0);
          });
          return found;
        });
        expect(under).toEqual(FAIRNESS.filter((fairness) => existsByDefinition(nodes, fairness)));
        seen.add(under.join());
      }),
      { numRuns: 500, seed: 1 },
    );
    expect([...seen].sort()).toEqual(['', 'none', 'none,weak', 'none,weak,strong']);
  });

  it('looks inside a component that is unfair as a whole', () => {
    // Agent 1 never moves and is able in node 0 only; going round 1 and 2 is fair.
    const graph = graphOf([
      { able: 0b11, edges: [[1, 0]] },
      { able: 0b01, edges: [[2, 0]] },
      {
        able: 0b01,
        edges: [
          [0, 0],
          [1, 0],
        ],
      },
    ]);
    const found: number[][] = [];
    fairComponents(graph, 'strong', (members) => found.push([...members].sort()));
    expect(found).toEqual([[1, 2]]);
  });
});
