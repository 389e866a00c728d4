import type { Property } from '@checkstop/kernel';
import type { Search } from './search.ts';
import type { Op, Toy, View } from './toy.fixture.ts';

/** Adds one to cell 0, in three steps. */
export const increment: Op[] = [
  { op: 'load', cell: 0 },
  { op: 'add', value: 1 },
  { op: 'store', cell: 0 },
];

/** Whether two of them came to two. */
export const counted = (view: View): Property[] => [
  {
    kind: 'bottom',
    name: 'counted',
    check: () => (view.cell(0) === 2 ? undefined : `the counter ends at ${view.cell(0)}`),
  },
];

/** Nobody says this word. */
export const said = (name: string, word: number): Property => ({
  kind: 'event',
  name,
  on: ['said'],
  check: (event) => ('word' in event && event.word === word ? `said ${word}` : undefined),
});

/** Three agents that lose updates. */
export const racing: Toy = { programs: [increment, increment, increment], properties: counted };

/** Goes on until it is known who touches what, and the search proper begins. */
export function scouted(search: Search): Search {
  while (search.progress().phase === 'scout') search.advance(1);
  return search;
}
