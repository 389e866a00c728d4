import { describe, expect, it } from 'vitest';
import { exploreNaively } from '../naive.fixture.ts';
import { explore } from '../search.ts';
import { touchesOf } from '../touch.fixture.ts';
import { type Op, type Toy, toyMachine } from '../toy.fixture.ts';

/** Explores a machine in which all three agents run a program; what is found is what the plainest search finds. */
function three(program: readonly Op[], more: Partial<Toy> = {}) {
  const toy = { programs: [program, program, program], ...more };
  const machine = toyMachine(toy);
  const naive = exploreNaively(machine, 20_000, touchesOf(machine, toy));
  const [symmetric, merged] = [explore(machine).run(), explore(machine, { mode: 'merged' }).run()];
  for (const { violations } of [symmetric, merged])
    expect(Object.fromEntries(violations.map((v) => [v.property, [v.faults, v.preemptions, v.steps]]))).toEqual(
      naive?.violated,
    );
  return { symmetric, merged };
}

describe('agents that run the same program', () => {
  it('are one up to names: three of them have less than a third of the states', () => {
    const { symmetric, merged } = three([
      { op: 'lock' },
      { op: 'load', cell: 0 },
      { op: 'add', value: 1 },
      { op: 'store', cell: 0 },
      { op: 'unlock' },
      { op: 'say' },
    ]);
    expect(symmetric.reductions).toEqual(['closure', 'merging', 'symmetry']);
    expect(symmetric.states).toBeLessThan(merged.states / 3);
  });

  it('are one where a choice picks one of those that wait', () => {
    const { symmetric } = three([{ op: 'enlist' }, { op: 'dismiss', whom: 'any' }, { op: 'count' }, { op: 'say' }]);
    expect(symmetric.reductions).toContain('symmetry');
  });

  it('are not where one of the others is preferred, however alike the preferences look', () => {
    const favouring: Op[] = [{ op: 'enlist' }, { op: 'dismiss', whom: 'favourite' }, { op: 'count' }, { op: 'say' }];
    expect(three(favouring).symmetric.reductions).toEqual(['closure', 'merging']);
  });

  it('are not where a property of ends minds which is which', () => {
    const choosing: Op[] = [
      { op: 'lock' },
      { op: 'load', cell: 0 },
      { op: 'add', value: 1 },
      { op: 'store', cell: 0 },
      { op: 'unlock' },
    ];
    const { symmetric } = three(choosing, {
      properties: (view) => [
        { kind: 'bottom', name: 'first', check: () => (view.acc(0) === 1 ? 'agent 0 came first' : undefined) },
      ],
    });
    expect(symmetric.violations).toMatchObject([{ property: 'first' }]);
    expect(symmetric.reductions).toEqual(['closure', 'merging']);
  });

  it('may be two among others', () => {
    const program: Op[] = [{ op: 'load', cell: 0 }, { op: 'add', value: 1 }, { op: 'store', cell: 0 }, { op: 'say' }];
    const { symmetric, merged } = three(program, {
      programs: [program, [...program, { op: 'load', cell: 1 }], program],
    });
    expect(symmetric.reductions).toContain('symmetry');
    expect(symmetric.states).toBeLessThan(merged.states * 0.7);
  });
});

it('tells a path in names that the search had no use for, while leases hold', () => {
  const looking: Op[] = [{ op: 'load', cell: 0 }];
  const locking: Op[] = [{ op: 'lock' }, { op: 'jump', to: 0 }];
  const machine = toyMachine({
    programs: [looking, locking, looking],
    leases: true,
    properties: (view) => [
      {
        kind: 'bottom',
        name: 'waits',
        check: () => ([0, 1, 2].some((agent) => view.waits(agent)) ? 'waits' : undefined),
      },
    ],
  });
  const result = explore(machine).run();
  expect(result.reductions).toContain('symmetry');
  expect(result.violations.map(({ property }) => property)).toEqual(
    Object.keys(exploreNaively(machine, 5000)?.violated ?? {}),
  );
});
