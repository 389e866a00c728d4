import fc from 'fast-check';
import { expect, it } from 'vitest';
import { exploreNaively } from './naive.fixture.ts';
import { explore } from './search.ts';
import { type Op, type Toy, toyMachine } from './toy.fixture.ts';

const LENGTH = 6;

/** More would make the plain search slow; few drawings have more. */
const MAX_STATES = 400;

const op: fc.Arbitrary<Op> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ op: fc.constant('add' as const), value: fc.nat(2) }) },
  { weight: 2, arbitrary: fc.record({ op: fc.constant('set' as const), value: fc.nat(2) }) },
  fc.constantFrom<Op>({ op: 'stash' }, { op: 'fetch' }),
  { weight: 2, arbitrary: fc.record({ op: fc.constantFrom('load' as const, 'store' as const), cell: fc.nat(1) }) },
  { weight: 2, arbitrary: fc.constantFrom<Op>({ op: 'lock' }, { op: 'unlock' }) },
  {
    weight: 2,
    arbitrary: fc.record({ op: fc.constantFrom('jump' as const, 'jump-if-zero' as const), to: fc.nat(LENGTH) }),
  },
  fc.record({ op: fc.constant('choose' as const), count: fc.integer({ min: 1, max: 3 }) }),
  { weight: 2, arbitrary: fc.constant<Op>({ op: 'say' }) },
  fc.constant<Op>({ op: 'stop' }),
  fc.record({ op: fc.constantFrom('peek' as const, 'poke' as const), address: fc.constantFrom(0, 256, 260) }),
  fc.record({ op: fc.constant('spy' as const), agent: fc.nat(1) }),
);
/** Half of the programs end in a jump back, most of those never end: what loops do is where the searches differ most. */
const program = fc
  .tuple(fc.array(op, { maxLength: LENGTH - 1 }), fc.option(fc.nat(1), { freq: 2 }))
  .map(([ops, to]): Op[] => (to === null ? ops : [...ops, { op: 'jump', to }]));

const toy = fc.record({
  programs: fc.array(program, { minLength: 2, maxLength: 3 }),
  handler: fc.nat(LENGTH),
  faults: fc.nat(1),
  global: fc.boolean(),
  /** Places at which agent 0 is not to stay, one a bit. */
  wrongAt: fc.nat(2 ** (LENGTH + 1) - 1),
});

type Drawn = Omit<Toy, 'properties'> & { global: boolean; wrongAt: number };

const build = ({ global, wrongAt, ...rest }: Drawn) =>
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
        kind: 'goal',
        name: 'words',
        on: ['said'],
        reach: (e) => ('word' in e ? `${e.word}` : undefined),
        goals: () => [],
      },
      { kind: 'bottom', name: 'nobody-waits', check: () => ([0, 1].some((a) => view.waits(a)) ? 'waits' : undefined) },
      {
        kind: 'bottom',
        name: 'moves-on',
        check: () => ((wrongAt >> view.pc(0)) & 1 ? 'is there' : undefined),
      },
      { kind: 'bottom', name: 'zero', check: () => (view.cell(0) === 0 ? undefined : 'not zero') },
      { kind: 'invariant', name: 'local', check: () => (view.acc(0) === 3 ? 'has 3' : undefined) },
      ...(global
        ? [
            {
              kind: 'invariant' as const,
              name: 'global',
              check: () => (view.acc(0) + view.acc(1) === 5 ? 'sum is 5' : undefined),
            },
          ]
        : []),
    ],
  });

it('agrees with the plainest search there is, in every mode, about everything that matters', () => {
  fc.assert(
    fc.property(toy, fc.nat(40), (drawn, executions) => {
      const machine = build(drawn);
      const before = machine.arena.computeHash();
      const naive = exploreNaively(machine, MAX_STATES);
      fc.pre(naive !== undefined);
      for (const mode of ['unreduced', 'closure', 'reduced'] as const) {
        const result = explore(machine, { mode }).run();
        const found = Object.fromEntries(result.violations.map((v) => [v.property, [v.faults, v.preemptions]]));
        expect(found).toEqual(naive.violated);
        expect(result.goals.reached).toEqual(naive.goals);
        if (mode === 'unreduced') expect(result.states).toBe(naive.states);
        else expect(result.states).toBeLessThanOrEqual(naive.states);
        const cutShort = explore(machine, { mode, limits: { executions } }).run();
        for (const { property } of cutShort.violations) expect(Object.keys(found)).toContain(property);
        expect(machine.arena.computeHash()).toBe(before);
      }
    }),
    // A seed of its own, so that it takes the same time and says the same thing every time.
    { numRuns: 80, seed: 1 },
  );
});
