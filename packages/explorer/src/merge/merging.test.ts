import type { Property } from '@checkstop/kernel';
import { expect, it } from 'vitest';
import { exploreNaively } from '../naive.fixture.ts';
import { explore } from '../search.ts';
import { touchesOf } from '../touch.fixture.ts';
import { type Op, type Toy, toyMachine } from '../toy.fixture.ts';

const says = (name: string, ...words: number[]): Property => ({
  kind: 'event',
  name,
  on: ['said'],
  check: (e) => ('word' in e && words.includes(e.word) ? `said ${e.word}` : undefined),
});

const words = (...goals: string[]): Property => ({
  kind: 'goal',
  name: 'words',
  on: ['said'],
  reach: (e) => ('word' in e ? `${e.word}` : undefined),
  goals: () => goals,
});

/** What the search finds with everything on, which is what the plainest finds. */
function explored(toy: Toy) {
  const machine = toyMachine(toy);
  const naive = exploreNaively(machine, 5000, touchesOf(machine, toy));
  const result = explore(machine).run();
  expect(result.reductions).toContain('merging');
  const found = Object.fromEntries(result.violations.map((v) => [v.property, [v.faults, v.preemptions, v.steps]]));
  expect(found).toEqual(naive?.violated);
  expect(result.goals.reached).toEqual(naive?.goals);
  return result;
}

/**
 * Keeps 0 or 1, and publishes only a 1, in cell 1, and not always, before it looks there: the one that kept 0 is tried where
 * cell 1 holds 1, with the one that kept 1, which is never so. Then the accumulator ends up as 1.
 */
const KEEPER: readonly Op[] = [
  { op: 'choose', count: 3 },
  { op: 'jump-if-zero', to: 6 },
  { op: 'add', value: 7 },
  { op: 'jump-if-zero', to: 5 },
  { op: 'store', cell: 1 },
  { op: 'set', value: 1 },
  { op: 'stash' },
  { op: 'load', cell: 1 },
  { op: 'mask' },
];

it('knows a local fault that violates something from a local step that does', () => {
  const program: Op[] = [
    { op: 'choose', count: 2 },
    { op: 'stash' },
    { op: 'load', cell: 0 },
    { op: 'fetch' },
    { op: 'say' },
  ];
  const toy = { programs: [program, [{ op: 'store' as const, cell: 0 }]], faults: 1, handler: 7, outcry: 1 };
  const { violations } = explored({ ...toy, properties: () => [says('never-1', 1)] });
  expect(violations).toMatchObject([{ faults: 0 }]);
});

it('shows each violation where one image commits all at once, and another one after the other', () => {
  const program: Op[] = [
    { op: 'store', cell: 0 },
    { op: 'load', cell: 0 },
    { op: 'fetch' },
    { op: 'jump-if-zero', to: 7 },
    { op: 'set', value: 3 },
    { op: 'say' },
    { op: 'jump', to: 15 },
    { op: 'set', value: 1 },
    { op: 'say' },
    { op: 'set', value: 2 },
    { op: 'say' },
    { op: 'jump', to: 15 },
    // The handler: gets there first, but at a price.
    { op: 'set', value: 1 },
    { op: 'stash' },
    { op: 'jump', to: 1 },
  ];
  const faulty = { faults: 1, endless: true, handler: 12 };
  explored({ programs: [program, []], ...faulty, properties: () => [says('a', 1, 3), says('b', 2, 3)] });
});

it('ends where any number of faults may strike, each of which may lead anywhere', () => {
  explored({
    programs: [
      [
        { op: 'jump', to: 0 },
        { op: 'jump', to: 1 },
        { op: 'choose', count: 2 },
        { op: 'jump-if-zero', to: 0 },
        { op: 'jump', to: 1 },
      ],
      [{ op: 'load', cell: 0 }],
    ],
    faults: 1,
    endless: true,
    handler: 2,
    properties: (view) => [{ kind: 'bottom', name: 'not-1', check: () => (view.acc(0) === 1 ? 'has 1' : undefined) }],
  });
});

it('does not fail where a step throws in a state that cannot be', () => {
  const refusing: Op[] = [...KEEPER, { op: 'refuse' }];
  explored({ programs: [refusing, []], properties: () => [says('never', 9)] });
});

it('counts no goal that is reached in a state that cannot be, wanted or not', () => {
  const saying: Op[] = [...KEEPER, { op: 'say' }];
  for (const goals of [['0'], ['0', '1']])
    expect(explored({ programs: [saying, []], properties: () => [words(...goals)] }).goals.reached).toEqual(['0']);
});

it('shows no violation in a state that cannot be, wherever the search is ended', () => {
  const saying: Op[] = [...KEEPER, { op: 'say' }];
  const toy = { programs: [saying, []], properties: () => [says('never-1', 1)] };
  for (let executions = 1; executions < 40; executions++)
    expect(explore(toyMachine(toy), { limits: { executions } }).run().violations).toEqual([]);
});

it('tries every member, late ones too: what it violates and writes, how many ways it may end, and what comes then', () => {
  const properties = () => [says('never-1', 1)];
  const echoing: Op[] = [
    { op: 'choose', count: 2 },
    { op: 'echo', cell: 0 },
    { op: 'set', value: 0 },
  ];
  const storing: Op[] = [
    { op: 'choose', count: 2 },
    { op: 'store', cell: 0 },
    { op: 'set', value: 0 },
  ];
  const fanning: Op[] = [{ op: 'choose', count: 2 }, { op: 'stash' }, { op: 'fan', cell: 0 }, { op: 'say' }];
  // What nobody writes is nothing that others could notice.
  const hearing: Op[] = [{ op: 'load', cell: 0 }, { op: 'say' }, { op: 'store', cell: 1 }];
  const telling: Op[] = [
    { op: 'choose', count: 2 },
    { op: 'stash' },
    { op: 'load', cell: 0 },
    { op: 'fetch' },
    { op: 'say' },
  ];
  const late: Op[] = [
    { op: 'load', cell: 0 },
    { op: 'fetch' },
    { op: 'say' },
    { op: 'load', cell: 1 },
    { op: 'choose', count: 2 },
    { op: 'stash' },
    { op: 'jump', to: 0 },
  ];
  for (const program of [echoing, storing, fanning, telling, late])
    expect(explored({ programs: [program, hearing], properties }).violations).toHaveLength(1);
});

/** So rare that looking around at random does not meet it. */
const RARELY: readonly Op[] = [
  { op: 'choose', count: 60 },
  { op: 'jump-if-zero', to: 4 },
  { op: 'set', value: 0 },
  { op: 'jump', to: 5 },
  { op: 'set', value: 1 },
  { op: 'stash' },
];

it('throws what a step throws in a state that can be, or the local steps after it', () => {
  const step: Op[] = [...RARELY, { op: 'fetch' }, { op: 'avoid', cell: 0 }];
  const local: Op[] = [...RARELY, { op: 'load', cell: 1 }, { op: 'fetch' }, { op: 'refuse' }];
  const other: Op[] = [
    { op: 'set', value: 1 },
    { op: 'store', cell: 0 },
  ];
  for (const program of [step, local]) {
    const search = explore(toyMachine({ programs: [program, other], properties: () => [says('never', 9)] }));
    expect(() => search.run()).toThrow('unexpected');
  }
});

it('learns who shares memory from the state that can be, where another one throws', () => {
  const from = (start: number, ops: readonly Op[]): Op[] =>
    ops.map((op) => ('to' in op ? { ...op, to: op.to + start } : op));
  const rarely: Op[] = [
    { op: 'choose', count: 60 },
    { op: 'jump-if-zero', to: 3 },
    { op: 'jump', to: 99 },
  ];
  const keeper = KEEPER.toSpliced(-1, 0, { op: 'jump-if-zero', to: 96 });
  const program: Op[] = [...rarely, ...from(3, keeper), { op: 'refuse' }, { op: 'peek', address: 256 }];
  const other: Op[] = [
    { op: 'set', value: 1 },
    { op: 'poke', address: 256 },
  ];
  const { restarts } = explored({ programs: [program, other], properties: () => [says('never', 9)] });
  expect(restarts).toBeGreaterThan(0);
});

it('takes for no fact about an image that nothing happens to it once the machine has stopped', () => {
  const daring: Op[] = [
    { op: 'set', value: 1 },
    { op: 'store', cell: 0 },
    { op: 'stop-if', cell: 0 },
    { op: 'add', value: 2 },
    { op: 'say' },
  ];
  const saving: Op[] = [{ op: 'store', cell: 0 }];
  const { violations } = explored({ programs: [daring, saving], properties: () => [says('never-3', 3)] });
  expect(violations).toMatchObject([{ property: 'never-3' }]);
});

it('counts no step as visible that was tried after a stop, on the way to a goal either', () => {
  const stopsUnless = (cell: number): Op[] => [
    { op: 'stop-if', cell },
    { op: 'set', value: 1 },
  ];
  const load: Op = { op: 'load', cell: 3 };
  const clear: Op[] = [0, 1, 2].map((cell) => ({ op: 'store', cell }));
  const program: Op[] = [
    { op: 'set', value: 1 },
    ...clear,
    { op: 'stop-if', cell: 0 },
    { op: 'choose', count: 2 },
    { op: 'jump-if-zero', to: 13 },
    // Two visible steps, and behind each of them one that is tried where it has stopped the machine.
    ...stopsUnless(1),
    ...stopsUnless(2),
    { op: 'say' },
    { op: 'jump', to: 18 },
    // Three.
    ...[load, load, load],
    { op: 'set', value: 1 },
    { op: 'say' },
  ];
  const { witness } = explored({ programs: [program, clear], properties: () => [words('1')] });
  expect(witness).toMatchObject({ faults: 0, preemptions: 1, steps: 9 });
});

it('does not take a step that others can notice for one that none can', () => {
  // What makes a 7 of the accumulator looks at the other's cells, what makes a 0 of it does not; they do the same.
  const program: Op[] = [
    { op: 'set', value: 1 },
    { op: 'store', cell: 0 },
    { op: 'choose', count: 2 },
    { op: 'add', value: 7 },
    { op: 'stop-if', cell: 0 },
    { op: 'avoid', cell: 3 },
    { op: 'set', value: 1 },
    { op: 'say' },
  ];
  const { violations } = explored({
    programs: [program, [{ op: 'store', cell: 0 }]],
    properties: () => [says('never-1', 1)],
  });
  expect(violations).toMatchObject([{ preemptions: 1, steps: 3 }]);
});
