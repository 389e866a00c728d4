import fc from 'fast-check';
import { expect, it } from 'vitest';
import { explore } from '../search.ts';
import { type Op, toyMachine } from '../toy.fixture.ts';
import { tryLasso } from './confirm.ts';
import { FAIRNESS } from './fairness.ts';
import { violatedNaively } from './naive-lasso.fixture.ts';

const LENGTH = 6;
const MAX_STATES = 300;

/** Loops, locks and choices: what liveness hangs on. */
const op: fc.Arbitrary<Op> = fc.oneof(
  { weight: 2, arbitrary: fc.record({ op: fc.constant('add' as const), value: fc.nat(2) }) },
  { weight: 2, arbitrary: fc.record({ op: fc.constant('set' as const), value: fc.nat(2) }) },
  fc.constantFrom<Op>({ op: 'stash' }, { op: 'fetch' }, { op: 'mask' }, { op: 'fan', cell: 0 }),
  { weight: 2, arbitrary: fc.record({ op: fc.constantFrom('load' as const, 'store' as const), cell: fc.nat(1) }) },
  { weight: 4, arbitrary: fc.constantFrom<Op>({ op: 'lock' }, { op: 'unlock' }) },
  {
    weight: 3,
    arbitrary: fc.record({ op: fc.constantFrom('jump' as const, 'jump-if-zero' as const), to: fc.nat(LENGTH) }),
  },
  { weight: 2, arbitrary: fc.record({ op: fc.constant('choose' as const), count: fc.integer({ min: 1, max: 3 }) }) },
  fc.constant<Op>({ op: 'stop' }),
  fc.record({ op: fc.constantFrom('peek' as const, 'poke' as const), address: fc.constantFrom(0, 256) }),
  fc.record({ op: fc.constant('spy' as const), agent: fc.nat(1) }),
);
const anyProgram = fc
  .tuple(fc.array(op, { maxLength: LENGTH - 1 }), fc.option(fc.nat(1), { freq: 4 }))
  .map(([ops, to]): Op[] => (to === null ? ops : [...ops, { op: 'jump', to }]));
/** Takes the lock and gives it back, once or for ever, which is where weak and strong fairness part. */
const contender = fc
  .tuple(fc.array(op, { maxLength: 1 }), fc.array(op, { maxLength: 1 }), fc.boolean())
  .map(([before, inside, again]): Op[] => [
    ...before,
    { op: 'lock' },
    ...inside,
    { op: 'unlock' },
    ...(again ? [{ op: 'jump' as const, to: 0 }] : []),
  ]);
const program = fc.oneof(anyProgram, contender);

const toy = fc.record({
  programs: fc.array(program, { minLength: 2, maxLength: 3 }),
  handler: fc.nat(LENGTH),
  faults: fc.nat(1),
  endless: fc.boolean(),
  nudge: fc.constantFrom(undefined, undefined, undefined, 'own' as const, 'shared' as const),
  /** Places at which something is pending, one a bit. */
  places: fc.nat(2 ** (LENGTH + 1) - 1),
  /** Whether one property looks at shared state, one at another agent: then less can be folded. */
  global: fc.boolean(),
});

it('agrees with the definitions about every profile, with local steps folded and without, and its lassos run', () => {
  const seen = new Set<string>();
  fc.assert(
    fc.property(toy, ({ places, global, ...rest }) => {
      const machine = toyMachine({
        ...rest,
        properties: (view) => [
          { kind: 'response', name: 'place', pending: (agent) => ((places >> view.pc(agent)) & 1) === 1 },
          { kind: 'response', name: 'word', pending: (agent) => view.acc(agent) === 1 },
          ...(global
            ? [
                { kind: 'response' as const, name: 'cell', pending: (agent: number) => view.cell(0) === agent },
                { kind: 'response' as const, name: 'waits', pending: (agent: number) => view.waits(agent) },
                {
                  kind: 'response' as const,
                  name: 'peer',
                  pending: (agent: number) => view.acc(agent) === view.acc(agent === 0 ? 1 : 0),
                },
              ]
            : []),
        ],
      });
      const naive = violatedNaively(machine, MAX_STATES);
      fc.pre(naive !== undefined);
      const start = machine.arena.snapshot();
      for (const mode of ['unreduced', 'closure', 'reduced'] as const) {
        const { lassos = [] } = explore(machine, { mode, liveness: true }).run();
        for (const { name } of machine.properties) {
          const found = lassos.filter(({ property }) => property === name).map(({ fairness }) => fairness);
          expect([name, FAIRNESS.filter((f) => found.includes(f))]).toEqual([name, naive?.[name]]);
          seen.add(found.join());
        }
        for (const lasso of lassos) {
          const property = machine.properties.find(({ name }) => name === lasso.property);
          if (property?.kind !== 'response') throw new Error('no such property');
          expect(tryLasso(machine, start, property, lasso).amiss).toBeUndefined();
        }
        machine.arena.restore(start);
      }
    }),
    // A seed of its own, so that it takes the same time and says the same thing every time.
    { numRuns: 90, seed: 1 },
  );
  // The drawings tell the profiles apart.
  expect([...seen].sort()).toEqual(['', 'none', 'none,weak', 'none,weak,strong']);
}, 120_000);
