import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bottomComponents } from './components.ts';

function edgesOf(lists: number[][]) {
  const starts = [0];
  for (const list of lists) starts.push(starts[starts.length - 1] + list.length);
  return { count: lists.length, starts: Int32Array.from(starts), targets: Int32Array.from(lists.flat()) };
}

function found(lists: number[][]): string[] {
  const all: string[] = [];
  bottomComponents(edgesOf(lists), (members, cyclic) => {
    all.push(`${[...members].sort((a, b) => a - b).join(',')}${cyclic ? ' cyclic' : ''}`);
  });
  return all.sort();
}

/** By definition: v's component is bottom if everything that v reaches can reach v. */
function byDefinition(lists: number[][]): string[] {
  const reach = lists.map((_, v) => {
    const seen = new Set<number>([v]);
    for (const x of seen) for (const w of lists[x]) seen.add(w);
    return seen;
  });
  const all = new Set<string>();
  lists.forEach((list, v) => {
    const members = [...reach[v]].sort((a, b) => a - b);
    if (!members.every((w) => reach[w].has(v))) return;
    all.add(`${members.join(',')}${members.length > 1 || list.includes(v) ? ' cyclic' : ''}`);
  });
  return [...all].sort();
}

describe('bottomComponents', () => {
  it('finds ends and traps, and leaves what can be left', () => {
    expect(found([[1, 2], [0], [3], [3], []])).toEqual(['3 cyclic', '4']);
  });

  it('agrees with the definition on any graph', () => {
    const graph = fc
      .integer({ min: 1, max: 12 })
      .chain((n) => fc.array(fc.array(fc.nat(n - 1), { maxLength: 3 }), { minLength: n, maxLength: n }));
    fc.assert(fc.property(graph, (lists) => void expect(found(lists)).toEqual(byDefinition(lists))));
  });

  it('needs no deep recursion', () => {
    const line = Array.from({ length: 200_000 }, (_, i) => (i + 1 < 200_000 ? [i + 1] : [0]));
    let size = 0;
    bottomComponents(edgesOf(line), (members) => {
      size = members.length;
    });
    expect(size).toBe(200_000);
  });
});
