import type { Property } from '@checkstop/kernel';
import { describe, expect, it, vi } from 'vitest';
import { increment, racing, said, scouted } from './racing.fixture.ts';
import { explore } from './search.ts';
import { type Op, type Toy, toyMachine } from './toy.fixture.ts';

describe('a search that does not come to its end', () => {
  it('is watched, interrupted and limited', () => {
    const search = scouted(explore(toyMachine(racing), { mode: 'unreduced' }));
    search.advance(3);
    expect(search.progress()).toMatchObject({ phase: 'search' });
    expect(search.progress().frontier).toBeGreaterThan(0);
    expect(search.result()).toMatchObject({ verdict: 'incomplete', complete: false });
    expect(search.done).toBe(true);

    const early = explore(toyMachine(racing));
    early.advance(1);
    expect(early.progress()).toMatchObject({ phase: 'scout', states: 0 });
    expect(early.result()).toMatchObject({ verdict: 'incomplete', complete: false, states: 1 });

    const late = scouted(explore(toyMachine(racing)));
    while (late.progress().phase === 'search') late.advance(1);
    expect(late.progress()).toMatchObject({ phase: 'components', frontier: 0, suspected: 0 });
    expect(late.result().verdict).toBe('incomplete');

    const word: Toy = {
      programs: [
        [{ op: 'set', value: 5 }, { op: 'say' }],
        [{ op: 'set', value: 6 }, { op: 'say' }],
      ],
      properties: () => [said('unheard', 5)],
    };
    const heard = scouted(explore(toyMachine(word)));
    while (heard.progress().suspected === 0 && !heard.done) heard.advance(1);
    expect(heard.progress()).toMatchObject({ phase: 'search', suspected: 1 });
    expect(heard.result()).toMatchObject({ verdict: 'violated', complete: false });

    let clock = 0;
    const now = (): number => clock++;
    for (const limit of ['states', 'bytes', 'executions', 'milliseconds'] as const) {
      const result = explore(toyMachine(racing), { now, limits: { [limit]: 1 } }).run();
      expect(result).toMatchObject({ verdict: 'incomplete', limit });
    }
    expect(explore(toyMachine(racing)).run()).not.toHaveProperty('limit');
  });

  it('ends at the same place however large its slices are', () => {
    const machine = toyMachine({ programs: Array<Op[]>(3).fill(Array(5).fill(increment).flat()) });
    const told = [1, 7, 100_000].map((expansions) => {
      const search = explore(machine, { mode: 'unreduced', limits: { bytes: 1e6 } });
      while (!search.done) search.advance(expansions);
      const { limit, states, transitions } = search.result();
      return { limit, states, transitions };
    });
    expect(told[0]).toMatchObject({ limit: 'bytes' });
    expect(told).toEqual([told[0], told[0], told[0]]);
  });

  it.each(['reduced', 'unreduced'] as const)('%s, judges an end by pieces, and can be interrupted at each', (mode) => {
    const spin: Op[] = [
      { op: 'add', value: 1 },
      { op: 'jump', to: 0 },
    ];
    const late: Property = { kind: 'bottom', name: 'ends', check: () => 'does not' };
    const never: Property = { kind: 'bottom', name: 'fine', check: () => undefined };
    const machine = toyMachine({ programs: [spin, spin], properties: () => [never, late] });
    const before = machine.arena.computeHash();
    const interrupted = (turns: number) => {
      const search = scouted(explore(machine, { mode }));
      while (search.progress().phase === 'search') search.advance(1);
      for (let i = 0; i < turns; i++) search.advance(1);
      const { phase } = search.progress();
      const { verdict, complete } = search.result();
      expect(machine.arena.computeHash()).toBe(before);
      return { phase, verdict, complete };
    };
    // The end has 256 states, one for each place and number of each agent.
    for (const turns of [0, 1, 2, 100, 250])
      expect(interrupted(turns)).toEqual({ phase: 'components', verdict: 'incomplete', complete: false });
    expect(interrupted(300)).toEqual({ phase: 'done', verdict: 'violated', complete: true });
  });

  it('counts the words in which it remembers places', () => {
    const search = (length: number) => {
      const machine = toyMachine(racing);
      vi.spyOn(machine, 'describeAgent').mockReturnValue('x'.repeat(length));
      return explore(machine, { limits: { bytes: 10e6 } }).run();
    };
    expect(search(10).complete).toBe(true);
    expect(search(1e6).complete).toBe(false);
  });

  it('gives up on local steps without end', () => {
    const count: Op[] = [
      { op: 'add', value: 1 },
      { op: 'jump', to: 0 },
    ];
    const result = explore(toyMachine({ programs: [count] }), { limits: { executions: 5 } }).run();
    expect(result).toMatchObject({ verdict: 'incomplete', complete: false });
  });

  it.each(['reduced', 'unreduced'] as const)('%s, keeps what it saw in the step that a limit cut short', (mode) => {
    const program: Op[] = [{ op: 'set', value: 1 }, { op: 'say' }, ...increment, { op: 'say' }];
    const machine = toyMachine({ programs: [program], faults: 1, handler: 4, properties: () => [said('never-1', 1)] });
    const executed = (executions: number) => {
      const { verdict, violations } = explore(machine, { mode, limits: { executions } }).run();
      expect(violations).toHaveLength(verdict === 'violated' ? 1 : 0);
      return verdict;
    };
    // The third step executed is the one that says it.
    for (let limit = 0; limit < 12; limit++) expect(executed(limit)).toBe(limit < 3 ? 'incomplete' : 'violated');
  });

  it('shows what it found so far when interrupted', () => {
    const properties = (): Property[] => [said('never-1', 1)];
    const program: Op[] = [{ op: 'load', cell: 1 }, { op: 'set', value: 1 }, { op: 'say' }, ...increment, ...increment];
    const search = scouted(explore(toyMachine({ programs: [program, program], properties })));
    search.advance(2);
    expect(search.result()).toMatchObject({
      verdict: 'violated',
      complete: false,
      violations: [{ property: 'never-1', shortest: false }],
    });
  });
});
