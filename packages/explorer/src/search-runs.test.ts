import { appendMove, type EventName, type Move, type Schedule, scheduleLength } from '@checkstop/kernel';
import { describe, expect, it } from 'vitest';
import { racing } from './racing.fixture.ts';
import { rerun } from './rerun.ts';
import { explore } from './search.ts';
import { checkToken, parseToken } from './token.ts';
import { type Op, toyMachine } from './toy.fixture.ts';

function firstSteps(schedule: Schedule, steps: number): Move[] {
  const first: Move[] = [];
  for (const { agent, action, count, answers } of schedule)
    for (let i = 0; i < count && scheduleLength(first) < steps; i++) appendMove(first, agent, action, answers);
  return first;
}

describe('what a search tells of runs', () => {
  it('records runs that reproduce themselves', () => {
    const machine = toyMachine(racing);
    const before = machine.arena.computeHash();
    const { violations } = explore(machine, { config: { cell: 'racing' } }).run();
    expect(machine.arena.computeHash()).toBe(before);
    const token = parseToken(violations[0].token);
    checkToken(machine, token);
    expect(token.config).toEqual({ cell: 'racing' });
    expect(rerun(machine, token.schedule)).toMatchObject({ hash: token.hash, ending: [{ property: 'counted' }] });
  });

  it('tells an end from a place that a run merely got to', () => {
    const machine = toyMachine(racing);
    const [{ schedule }] = explore(machine).run().violations;
    const start = machine.arena.snapshot();
    for (let steps = 1; steps < scheduleLength(schedule); steps++) {
      machine.arena.restore(start);
      expect(rerun(machine, firstSteps(schedule, steps)).ending).toEqual([]);
    }
    machine.arena.restore(start);
    expect(rerun(machine, schedule).ending).toMatchObject([{ property: 'counted', step: scheduleLength(schedule) }]);
  });

  it('names what comes of faults where the caller can tell', () => {
    const program: Op[] = [{ op: 'set', value: 1 }, { op: 'jump', to: 99 }, { op: 'say' }];
    const outcomes = [{ tag: 'spoke', on: ['said' as EventName], where: () => JSON.stringify(program[0]) }];
    const { coverage } = explore(toyMachine({ programs: [program], handler: 2, faults: 1 }), { outcomes }).run();
    expect(coverage).toContainEqual({ where: JSON.stringify(program[0]), tags: ['fault', 'spoke'] });
    expect(coverage).toContainEqual({ where: JSON.stringify(program[1]), tags: ['fault'] });
  });

  it('lets what is asked for the report look where it likes', () => {
    const poke: Op[] = [{ op: 'poke', address: 0 }];
    const machine = toyMachine({ programs: [poke, [{ op: 'say' }]] });
    const plain = explore(machine).run();
    const where = (): string => `${machine.ram.readU32(0, 'big')}`;
    const looked = explore(machine, { outcomes: [{ tag: 'spoke', on: ['said'], where }] }).run();
    expect(looked.coverage).toContainEqual({ where: '0', tags: ['spoke'] });
    const { restarts, states, executed } = plain;
    expect(looked).toMatchObject({ restarts, states, executed });
  });
});
