import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { u32 } from './arena/descriptor.ts';
import { checkDeterminism } from './double-step.ts';
import type { CheckstopError } from './error.ts';
import { seededRandom } from './scheduler/random.ts';
import { replay } from './scheduler/replay.ts';
import { roundRobin } from './scheduler/round-robin.ts';
import { appendMove, formatSchedule, type Move, parseSchedule, scheduleLength } from './scheduler/schedule.ts';
import { toy } from './testing.ts';
import { traceTo } from './trace.ts';

describe('a run', () => {
  it('ends idle when nothing is left to do', () => {
    const { machine, common } = toy(3);
    expect(machine.run(roundRobin(), { maxSteps: 100 })).toEqual({ reason: 'idle', steps: 9 });
    expect(common().total).toBe(3);
  });

  it('ends at its limit, at a stop, and when told so', () => {
    expect(toy().machine.run(roundRobin(), { maxSteps: 2 })).toEqual({ reason: 'limit', steps: 2 });
    const { machine, common } = toy();
    expect(machine.run(roundRobin(), { maxSteps: 99, until: () => common().total === 1 }).reason).toBe('until');
    machine.stop('enough', 1);
    expect(machine.stopped).toEqual({ reason: 'enough', agent: 1 });
    expect(machine.run(roundRobin(), { maxSteps: 99 })).toEqual({ reason: 'stopped', steps: 0 });
    expect(() => toy().machine.stop('boredom', 0)).toThrow(/not declared/);
  });

  it('is the same for the same seed, trace and all', () => {
    const run = (seed: number): string[] => {
      const { machine } = toy(3);
      const lines: string[] = [];
      traceTo(machine, (line) => lines.push(line), seed);
      machine.run(seededRandom(seed), { maxSteps: 100 });
      return lines;
    };
    expect(run(7)).toEqual(run(7));
    expect(run(7)).not.toEqual(run(8));
    expect(JSON.parse(run(7)[1])).toMatchObject({ seq: 0, event: 'step', action: 'step', what: 'take' });
  });

  it('asks the scheduler for choices inside a step, and takes given answers first', () => {
    const asked: number[] = [];
    const { machine } = toy(1, (ctx) =>
      ctx.offer({
        action: 'draw',
        cost: 'fault',
        available: () => true,
        perform: () => void asked.push(ctx.machine.choose('card', 4)),
      }),
    );
    expect(machine.step(0, 1, [3])).toEqual([{ name: 'card', count: 4, answer: 3 }]);
    expect(machine.step(0, 1)).toEqual([{ name: 'card', count: 4, answer: 0 }]);
    expect(() => machine.step(0, 1, [4])).toThrow(/none of them/);
    expect(machine.cost(1)).toBe('fault');
    expect(asked).toEqual([3, 0]);
  });
});

describe('schedules', () => {
  const move = fc.record({
    agent: fc.nat(7),
    action: fc.constantFrom('step', 'check', 'x2'),
    count: fc.integer({ min: 1, max: 99 }),
    answers: fc.array(fc.nat(9), { maxLength: 3 }),
  });

  it('survive being written and read', () => {
    fc.assert(
      fc.property(fc.array(move), (schedule) => {
        expect(parseSchedule(formatSchedule(schedule))).toEqual(schedule);
      }),
    );
    expect(() => parseSchedule('0 nonsense')).toThrow(/'nonsense' is no move/);
  });

  it('replay to the same hash', () => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const first = toy(3);
        const schedule: Move[] = [];
        const random = seededRandom(seed);
        for (let list = first.machine.alternatives(); list.length > 0; list = first.machine.alternatives()) {
          const { agent, action } = list[random.next(list)?.index ?? 0];
          first.machine.step(agent, first.machine.actions.indexOf(action));
          appendMove(schedule, agent, action);
        }
        const second = toy(3);
        expect(replay(second.machine, parseSchedule(formatSchedule(schedule)))).toBe(scheduleLength(schedule));
        expect(second.machine.arena.hash()).toBe(first.machine.arena.hash());
      }),
      { numRuns: 20 },
    );
  });

  it('say where a replay leaves the recorded path', () => {
    expect(() => replay(toy().machine, parseSchedule('0 1'))).toThrow(/Step 1 of the schedule/);
  });
});

describe('checkDeterminism', () => {
  it('passes state in the arena and finds state outside', () => {
    expect(checkDeterminism(toy(2).machine, roundRobin(), 50)).toBe(6);
    let hidden = 0;
    const sneaky = toy(1, (ctx) => {
      const record = ctx.state('shared', 'sneaky', { seen: u32 });
      ctx.offer({
        action: 'count',
        cost: 'none',
        available: () => true,
        perform: () => {
          hidden++;
          record.at().seen = hidden;
        },
      });
    });
    const scheduler = {
      next: (list: readonly { action: string }[]) => ({
        index: list.findIndex((a) => a.action === 'count'),
        budget: 1,
      }),
    };
    let thrown: CheckstopError | undefined;
    try {
      checkDeterminism(sneaky.machine, scheduler, 5);
    } catch (error) {
      thrown = error as CheckstopError;
    }
    expect(thrown?.code).toBe('STATE_OUTSIDE_ARENA');
    expect(thrown?.message).toContain('sneaky.seen');
  });
});
