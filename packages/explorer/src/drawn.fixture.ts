import type { EventName, Events, Machine, Property } from '@checkstop/kernel';
import fc from 'fast-check';
import { type Touches, touchesOf } from './touch.fixture.ts';
import { type Op, type Toy, toyMachine, type View } from './toy.fixture.ts';

const LENGTH = 6;

/** The words that have to be said. */
export const WANTED = ['0', '3'];

/** An instruction as programs are drawn from. */
export const op: fc.Arbitrary<Op> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ op: fc.constant('add' as const), value: fc.nat(2) }) },
  { weight: 2, arbitrary: fc.record({ op: fc.constant('set' as const), value: fc.nat(2) }) },
  { weight: 3, arbitrary: fc.constantFrom<Op>({ op: 'stash' }, { op: 'fetch' }, { op: 'mask' }) },
  { weight: 4, arbitrary: fc.record({ op: fc.constantFrom('load' as const, 'store' as const), cell: fc.nat(1) }) },
  { weight: 2, arbitrary: fc.constantFrom<Op>({ op: 'lock' }, { op: 'unlock' }) },
  {
    weight: 2,
    arbitrary: fc.record({ op: fc.constantFrom('jump' as const, 'jump-if-zero' as const), to: fc.nat(LENGTH) }),
  },
  fc.record({ op: fc.constantFrom('choose' as const, 'twist' as const), count: fc.integer({ min: 1, max: 3 }) }),
  { weight: 3, arbitrary: fc.constantFrom<Op>({ op: 'say' }, { op: 'echo', cell: 0 }, { op: 'fan', cell: 1 }) },
  { weight: 2, arbitrary: fc.constant<Op>({ op: 'resume' }) },
  fc.constantFrom<Op>(
    { op: 'stop' },
    { op: 'stop-if', cell: 0 },
    { op: 'refuse' },
    { op: 'avoid', cell: 0 },
    { op: 'avoid', cell: 1 },
  ),
  fc.record({
    op: fc.constantFrom('peek' as const, 'poke' as const),
    address: fc.constantFrom(0, 256, 260, 512, 516),
  }),
);
/** What tells of agents in what they share: some of it depends on their numbers. */
const listing: fc.Arbitrary<Op> = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom<Op>({ op: 'enlist' }, { op: 'count' }) },
  { weight: 3, arbitrary: fc.constant<Op>({ op: 'dismiss', whom: 'any' }) },
  fc.constantFrom<Op>({ op: 'dismiss', whom: 'lowest' }, { op: 'dismiss', whom: 'favourite' }, { op: 'am-lowest' }),
);
/** What keeps a place for each agent, and what asks more than once. */
const voting: fc.Arbitrary<Op> = fc.oneof(
  { weight: 6, arbitrary: op },
  { weight: 3, arbitrary: fc.constantFrom<Op>({ op: 'vote' }, { op: 'poll' }, { op: 'pair' }) },
  fc.constant<Op>({ op: 'peer' }),
);
/** What others' state is written by. */
const meddling: fc.Arbitrary<Op> = fc.oneof(
  { weight: 6, arbitrary: op },
  fc.record({ op: fc.constant('kick' as const), agent: fc.nat(2), to: fc.nat(LENGTH) }),
  fc.constantFrom<Op>({ op: 'reset' }, { op: 'spy', agent: 0 }, { op: 'vote' }, { op: 'poll' }),
);
/** Reading another agent's state turns merging off, so few programs do. */
const rare: fc.Arbitrary<Op> = fc.oneof(
  { weight: 60, arbitrary: op },
  fc.record({ op: fc.constant('spy' as const), agent: fc.nat(1) }),
);
/** Half of the programs end in a jump back, most of those never end: what loops do is where the searches differ most. */
const programOf = (any: fc.Arbitrary<Op>): fc.Arbitrary<Op[]> =>
  fc
    .tuple(fc.array(any, { maxLength: LENGTH - 1 }), fc.option(fc.nat(1), { freq: 2 }))
    .map(([ops, to]): Op[] => (to === null ? ops : [...ops, { op: 'jump', to }]));

const program = programOf(rare);

/** The same program for all agents, or for all but one. */
const alike: fc.Arbitrary<readonly Op[][]> = fc
  .tuple(
    programOf(fc.oneof({ weight: 2, arbitrary: op }, { weight: 1, arbitrary: listing })),
    fc.constantFrom(2, 3, 3),
    fc.option(program, { freq: 5 }),
  )
  .map(([common, agents, other]) => Array.from({ length: agents }, (_, i) => (other && i === 1 ? other : common)));

const toyOf = (programs: fc.Arbitrary<readonly Op[][]>) =>
  fc.record({
    programs,
    handler: fc.nat(LENGTH),
    faults: fc.constantFrom(0, 1, 1, 1, 2),
    endless: fc.boolean(),
    outcry: fc.option(fc.nat(3), { nil: undefined }),
    leases: fc.boolean(),
    nudge: fc.constantFrom(undefined, undefined, 'own' as const, 'shared' as const),
    invariant: fc.constantFrom('none' as const, 'none' as const, 'none' as const, 'own' as const, 'joint' as const),
    /** Places at which agent 0 is not to stay, one a bit. */
    wrongAt: fc.nat(2 ** (LENGTH + 1) - 1),
    /** Which bottom properties there are, one a bit. What they look at tells images apart, so often there are none. */
    bottoms: fc.oneof(fc.constantFrom(0, 0, 4), fc.nat(31)),
  });

/** A toy machine as it is drawn. */
export const toy = toyOf(fc.array(program, { minLength: 2, maxLength: 3 }));

/** One in which it may be that no one can tell which agent is which. */
export const toyOfAlikes = toyOf(alike);

const sameFor = (any: fc.Arbitrary<Op>): fc.Arbitrary<readonly Op[][]> =>
  fc
    .tuple(programOf(any), fc.constantFrom(2, 3, 3))
    .map(([common, agents]) => Array.from({ length: agents }, () => common));

const STRIKES = ['tell', 'ask', 'draw', 'steal'] as const;
/** One whose faults touch what agents share, or ask a choice. */
export const toyOfStrikes = fc
  .tuple(
    toyOf(
      fc.oneof(
        fc.array(program, { minLength: 2, maxLength: 3 }),
        sameFor(fc.oneof({ weight: 3, arbitrary: op }, { weight: 1, arbitrary: listing })),
      ),
    ),
    fc.constantFrom(...STRIKES),
  )
  .map(([drawn, strike]) => ({ ...drawn, strike, faults: 1, ghosts: true }));

/** One whose agents, all alike, keep a place each in what they share. */
export const toyOfVotes = toyOf(sameFor(voting)).map((drawn) => ({ ...drawn, ghosts: true }));

/** One whose agents start, stop and reset each other. */
export const toyOfMeddlers = toyOf(fc.array(programOf(meddling), { minLength: 2, maxLength: 3 })).map((drawn) => ({
  ...drawn,
  ghosts: true,
}));

export type Drawn = Omit<Toy, 'properties'> & {
  invariant: 'none' | 'own' | 'joint';
  wrongAt: number;
  bottoms: number;
  ghosts?: boolean;
};

const bottomProperties = (view: View, wrongAt: number): Property[] => {
  const bottom = (name: string, isWrong: () => boolean): Property => ({
    kind: 'bottom',
    name,
    check: () => (isWrong() ? name : undefined),
  });
  const isWrongAt = (place: number): boolean => ((wrongAt >> place) & 1) !== 0;
  return [
    bottom('waits', () => [0, 1].some((agent) => view.waits(agent))),
    bottom('is there', () => isWrongAt(view.pc(0))),
    bottom('not zero', () => view.cell(0) !== 0),
    // These look at one thing or another, or at two at once.
    bottom('none', () => (view.acc(0) === 1 ? view.acc(1) : view.cell(0)) === 0),
    bottom('unlike', () => isWrongAt(view.pc(1)) !== (view.acc(0) % 2 === 1)),
  ];
};

/** The machine of a drawing, with properties of every kind. */
export const build = ({ invariant, wrongAt, bottoms, ghosts = false, ...rest }: Drawn): Machine =>
  toyMachine({
    ...rest,
    properties: (view) => [
      {
        kind: 'event',
        name: 'never-2',
        on: ['said'],
        check: (e) => ('word' in e && e.word === 2 ? 'said 2' : undefined),
      },
      {
        kind: 'event',
        name: 'little',
        on: ['said'],
        check: (e) => ('word' in e && e.word % 3 !== 0 ? 'said much' : undefined),
      },
      {
        kind: 'goal',
        name: 'words',
        on: ['said'],
        reach: (e) => ('word' in e ? `${e.word}` : undefined),
        goals: () => WANTED,
      },
      // Remembers in ghost state, which tells images apart as well.
      ...(ghosts
        ? [
            {
              kind: 'event' as const,
              name: 'twice',
              on: ['said' as const],
              check: (e: Events[EventName]) =>
                'word' in e && view.repeats(e.agent, e.word) ? 'said it twice' : undefined,
            },
          ]
        : []),
      ...bottomProperties(view, wrongAt).filter((_, bit) => (bottoms >> bit) & 1),
      ...(invariant === 'none'
        ? []
        : [
            {
              kind: 'invariant' as const,
              name: 'invariant',
              check: () =>
                invariant === 'own'
                  ? view.acc(0) === 3
                    ? 'has 3'
                    : undefined
                  : view.acc(0) + view.acc(1) === 5
                    ? 'sum is 5'
                    : undefined,
            },
          ]),
    ],
  });

/** What steps of that machine touch. An invariant that looks at two agents is noticed in all that they do. */
export const touchesOfDrawn = (machine: Machine, drawn: Drawn): Touches => {
  const touches = touchesOf(machine, drawn);
  return (agent, action) => ({
    ...touches(agent, action),
    ...(drawn.invariant === 'joint' && agent < 2 && { outside: true }),
  });
};
