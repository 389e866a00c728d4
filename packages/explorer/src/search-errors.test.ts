import { describe, expect, it } from 'vitest';
import { explore } from './search.ts';
import { toyMachine } from './toy.fixture.ts';

describe('a search that cannot go on', () => {
  it('gives the machine back when a step throws before the search begins', () => {
    const machine = toyMachine({
      programs: [
        [
          { op: 'set', value: 1 },
          { op: 'poke', address: 1000 },
        ],
      ],
    });
    const before = [machine.arena.computeHash(), machine.arena.pageOwner(0)];
    expect(() => explore(machine).run()).toThrow(expect.objectContaining({ code: 'ARENA_OUT_OF_RANGE' }));
    expect([machine.arena.computeHash(), machine.arena.pageOwner(0)]).toEqual(before);
  });

  it('refuses steps with too many choices, and gives the machine back', () => {
    const machine = toyMachine({ programs: [[{ op: 'choose', count: 5000 }]] });
    const before = machine.arena.computeHash();
    expect(() => explore(machine).run()).toThrow(expect.objectContaining({ code: 'EXPLORE_TOO_MANY_CHOICES' }));
    expect(machine.arena.computeHash()).toBe(before);
  });
});
