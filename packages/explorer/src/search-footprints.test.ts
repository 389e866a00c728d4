import type { Machine, Property } from '@checkstop/kernel';
import { describe, expect, it, vi } from 'vitest';
import { increment, racing, said, scouted } from './racing.fixture.ts';
import { explore } from './search.ts';
import { type Op, toyMachine } from './toy.fixture.ts';

describe('a search that learns who touches what', () => {
  it('keeps memory apart until somebody shares it', () => {
    const touch = (address: number): Op[] => [
      { op: 'peek', address },
      { op: 'add', value: 1 },
      { op: 'poke', address },
      { op: 'peek', address },
    ];
    const apart = explore(toyMachine({ programs: [touch(0), touch(256)] })).run();
    expect(apart).toMatchObject({ restarts: 0, sharedStates: 1 });
    const together = explore(toyMachine({ programs: [touch(0), touch(4)] })).run();
    expect(together.states).toBeGreaterThan(apart.states);
    expect(together.sharedStates).toBeGreaterThan(1);
  });

  /** A machine of which walks at random do not see what is touched by `then`. */
  const surprising = (...then: Op[]): Machine =>
    toyMachine({
      programs: [
        [{ op: 'choose', count: 1000 }, { op: 'jump-if-zero', to: 3 }, { op: 'jump', to: 99 }, ...then, { op: 'say' }],
        [
          { op: 'set', value: 2 },
          { op: 'poke', address: 0 },
          { op: 'set', value: 3 },
        ],
      ],
      properties: () => [said('never-2', 2), said('never-3', 3)],
    });

  it('begins anew when it learns late who touches what', () => {
    const page = explore(surprising({ op: 'peek', address: 0 })).run();
    expect(page).toMatchObject({ restarts: 1, violations: [{ property: 'never-2' }] });
    const agent = explore(surprising({ op: 'spy', agent: 1 })).run();
    expect(agent).toMatchObject({ restarts: 1, violations: [{ property: 'never-2' }, { property: 'never-3' }] });
  });

  it('counts and limits what it executes over all beginnings', () => {
    const machine = surprising({ op: 'spy', agent: 1 });
    const search = scouted(explore(machine));
    const asked = vi.spyOn(machine, 'available');
    while (!search.done) search.advance(10);
    const executions = asked.mock.calls.length;
    asked.mockRestore();
    expect(search.result()).toMatchObject({ restarts: 1, complete: true, executed: executions });
    expect(explore(machine, { limits: { executions } }).run().complete).toBe(true);
    expect(explore(machine, { limits: { executions: executions - 1 } }).run().complete).toBe(false);
  });

  it('needs far fewer states reduced', () => {
    const states = (mode: 'reduced' | 'unreduced') =>
      explore(toyMachine({ ...racing, faults: 1 }), { mode }).run().states;
    expect(states('unreduced')).toBeGreaterThan(3 * states('reduced'));
  });

  it('exposes plugins that keep state where it cannot be explored', () => {
    const machine = toyMachine({ programs: [increment, increment] });
    let searching = true;
    const properties: Property[] = [
      { kind: 'bottom', name: 'fickle', check: () => (searching ? 'only during the search' : undefined) },
    ];
    const search = explore(machine as Machine, { properties });
    while (!search.done) search.advance(1000);
    searching = false;
    expect(() => search.result()).toThrow(expect.objectContaining({ code: 'EXPLORE_NOT_REPRODUCED' }));
  });

  it('lets an invariant read memory that belongs to one agent', () => {
    const poke: Op[] = [
      { op: 'set', value: 1 },
      { op: 'poke', address: 0 },
    ];
    const machine = toyMachine({ programs: [[], poke] });
    const check = () => (machine.ram.readU32(0, 'big') === 1 ? 'written' : undefined);
    const result = explore(machine, { properties: [{ kind: 'invariant', name: 'blank', check }] }).run();
    expect(result).toMatchObject({ verdict: 'violated', violations: [{ schedule: [{ agent: 1, count: 2 }] }] });
  });
});
