import { expect, it } from 'vitest';
import { Archive } from './archive.ts';
import { Breadth } from './breadth.ts';
import { noEdge } from './graph.ts';
import type { SearchGraph } from './search-graph.ts';

const STATES = 100;

/** A ring of states with an edge on, and another by a fault; it learns something at every state, or at none. */
function ring(on: (at: number) => number, fault: (at: number) => number, learns = true): SearchGraph {
  const edge = noEdge(0);
  const known = new Set<number>();
  return {
    edge,
    initial: Int32Array.of(0),
    stepwise: 0,
    bytes: 0,
    get learnt() {
      return known.size;
    },
    knows: () => true,
    expand([at], visit) {
      if (learns) known.add(at);
      for (const [faults, to] of [on(at), fault(at)].entries()) {
        edge.faults = faults;
        edge.next[0] = to % STATES;
        visit();
      }
    },
    enabled: () => true,
    stateOf: (images) => images,
    stops: () => [],
    run: () => {},
  };
}

const next = (at: number): number => at + 1;
const nextButOne = (at: number): number => at + 2;

/** What was found in one graph, read for a search of another. */
function moved(from: SearchGraph, to: SearchGraph): Breadth {
  const before = new Breadth(from);
  while (!before.complete) before.expandNext();
  const a = new Archive();
  before.archive(a);
  const after = new Breadth(to);
  after.archive(new Archive(a.written));
  return after;
}

it('notices where states lead to other states than when they were saved, by faults too', () => {
  const hasRelearnt = (to: SearchGraph): boolean => {
    const breadth = moved(ring(next, nextButOne), to);
    while (breadth.relearnNext([], (holds) => expect(holds).toBe(true)) >= 0);
    return breadth.hasRelearnt([]);
  };
  const lastBut = (usual: typeof next) => (at: number) => (at === STATES - 1 ? 7 : usual(at));
  expect(hasRelearnt(ring(next, nextButOne))).toBe(true);
  expect(hasRelearnt(ring(lastBut(next), nextButOne))).toBe(false);
  expect(hasRelearnt(ring(next, lastBut(nextButOne)))).toBe(false);
});

it('says that it holds what it is still to learn', () => {
  const bytes = (learns: boolean): number => {
    const graph = () => ring(next, nextButOne, learns);
    return moved(graph(), graph()).bytes;
  };
  // A list of nothing has room for 64.
  expect(bytes(true) - bytes(false)).toBe(4 * (STATES - 64));
});
