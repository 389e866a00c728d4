import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { thrown, toy } from '../testing.ts';
import { seededRandom } from './random.ts';
import { replay } from './replay.ts';
import { formatSchedule, type Move, parseSchedule, scheduleLength } from './schedule.ts';

const move = fc.record({
  agent: fc.nat(30),
  action: fc.constantFrom('step', 'check', 'x2'),
  count: fc.integer({ min: 1, max: 99 }),
  answers: fc.array(fc.nat(9), { maxLength: 3 }),
});

/** The toy, with a choice in each agent's path and something that may happen at any time. */
const gambler = () =>
  toy(3, (ctx) =>
    ctx.offer({
      action: 'draw',
      cost: 'fault',
      available: () => true,
      perform: () => void (ctx.machine.choose('suit', 4) + ctx.machine.choose('rank', 13)),
    }),
  );

describe('schedules', () => {
  it('survive being written and read', () => {
    fc.assert(
      fc.property(fc.array(move), (schedule) => {
        expect(parseSchedule(formatSchedule(schedule))).toEqual(schedule);
      }),
    );
  });

  it('are written compactly', () => {
    const schedule: Move[] = [
      { agent: 0, action: 'step', count: 12, answers: [] },
      { agent: 1, action: 'check', count: 1, answers: [0, 3] },
    ];
    expect(formatSchedule(schedule)).toBe('0*12 1:check?0,3');
    expect(scheduleLength(schedule)).toBe(13);
  });

  it('refuse what is no schedule, and what would not end', () => {
    for (const text of ['0 nonsense', '0*0', '0*99999999999', '1:Check', '0?', '999'])
      expect(thrown(() => parseSchedule(text))).toMatchObject({ code: 'SCHEDULE_SYNTAX' });
  });

  it('replay what a run recorded, whatever its budgets and choices', () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 1, max: 5 }), (seed, maxBudget) => {
        const first = gambler().machine;
        const record: Move[] = [];
        const { steps } = first.run(seededRandom(seed, { maxBudget, faultEvery: 3 }), { maxSteps: 40, record });
        expect(scheduleLength(record)).toBe(steps);
        const second = gambler().machine;
        const choices: number[][] = [];
        for (const { bus } of [first, second]) bus.on('choice', ({ answer }) => choices.at(-1)?.push(answer));
        choices.push([]);
        expect(replay(second, parseSchedule(formatSchedule(record)))).toBe(steps);
        expect(second.arena.hash()).toBe(first.arena.hash());
        expect(choices[0]).toEqual(record.flatMap(({ answers }) => answers));
      }),
      { numRuns: 40 },
    );
  });

  it('show each single step of a replay before it happens', () => {
    const { machine, own } = toy(2);
    const seen: unknown[] = [];
    replay(machine, parseSchedule('0*3 1'), ({ agent }, index) => seen.push([index, agent, own(agent).pc]));
    expect(seen).toEqual([
      [0, 0, 0],
      [1, 0, 1],
      [2, 0, 2],
      [3, 1, 0],
    ]);
  });

  it('say when a step did not ask for what was answered, the last one too', () => {
    const diverged = (text: string) => thrown(() => replay(gambler().machine, parseSchedule(text)));
    for (const text of ['0?1 1', '0?1', '0*3?1', '0:draw?1,2,3 1', '1 0:draw?1,2,3'])
      expect(diverged(text)).toMatchObject({ code: 'REPLAY_DIVERGED', details: { left: 1 } });
    expect(replay(gambler().machine, parseSchedule('0:draw?1,2 1 0:draw?1'))).toBe(3);
  });

  it('name state outside the arena as what may lead a replay astray', () => {
    expect(thrown(() => replay(toy().machine, parseSchedule('0 0:check')))?.message).toContain('outside the arena');
  });

  it('say where a replay leaves the recorded path, at its end too', () => {
    const diverged = (text: string) => thrown(() => replay(toy().machine, parseSchedule(text)));
    expect(diverged('0 1')).toMatchObject({ code: 'REPLAY_DIVERGED', details: { index: 1 } });
    expect(diverged('0 0:check')).toMatchObject({ code: 'REPLAY_DIVERGED', details: { index: 1 } });
    expect(diverged('0*3 1*5')).toMatchObject({ code: 'REPLAY_DIVERGED', details: { index: 6, move: { agent: 1 } } });
  });
});
