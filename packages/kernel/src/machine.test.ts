import { describe, expect, it } from 'vitest';
import { bool, u32 } from './arena/descriptor.ts';
import { createMachine } from './create-machine.ts';
import { definePlugin } from './plugin.ts';
import { roundRobin } from './scheduler/round-robin.ts';
import { formatSchedule, type Move } from './scheduler/schedule.ts';
import { thrown, toy } from './testing.ts';

/** Two agents that count down from five and give up their budget after each step. */
function counters() {
  const plugin = definePlugin({
    name: 'counters',
    version: '1.0.0',
    contract: 1,
    agents: () => 2,
    setup(ctx) {
      const state = ctx.state('perAgent', 'counters', { done: u32 });
      ctx.drive((agent) => ({
        name: `counter${agent}`,
        enabled: () => state.at(agent).done < 5,
        step: () => {
          state.at(agent).done++;
          return 1;
        },
      }));
    },
  });
  return createMachine({ plugins: [plugin()] });
}

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
    expect(thrown(() => toy().machine.stop('boredom', 0))).toMatchObject({ code: 'STOP_UNKNOWN_REASON' });
    for (const agent of [2, -2, 0.5])
      expect(thrown(() => toy().machine.stop('enough', agent))).toMatchObject({ code: 'STATE_NO_SUCH_AGENT' });
    const nobody = toy().machine;
    nobody.stop('enough', -1);
    expect(nobody.stopped).toEqual({ reason: 'enough', agent: -1 });
  });

  it('has steps of agents and actions that there are', () => {
    const impossible = { code: 'STEP_IMPOSSIBLE' };
    for (const agent of [2, -1, 0.5]) expect(thrown(() => toy().machine.step(agent))).toMatchObject(impossible);
    expect(thrown(() => toy().machine.step(0, 1))).toMatchObject(impossible);
  });

  it('gives turns of the quantum, wherever the agent would rather pause', () => {
    const record: Move[] = [];
    counters().run(roundRobin(3), { maxSteps: 9, record });
    expect(formatSchedule(record)).toBe('0*3 1*3 0*2 1');
    expect(counters().run(roundRobin(3), { maxSteps: 99 })).toEqual({ reason: 'idle', steps: 10 });
  });

  it('refuses schedulers and agents that break the rules', () => {
    const decide = (index: number, budget: number) =>
      thrown(() => toy().machine.run({ next: () => ({ index, budget }) }, { maxSteps: 9 }));
    expect(decide(5, 1)).toMatchObject({ code: 'SCHEDULER_BAD_DECISION' });
    expect(decide(0, 0)).toMatchObject({ code: 'SCHEDULER_BAD_DECISION' });
    for (const budget of [Number.NaN, 1.5]) expect(decide(0, budget)).toMatchObject({ code: 'SCHEDULER_BAD_DECISION' });
    const unlimited = { next: () => ({ index: 0, budget: Number.POSITIVE_INFINITY }) };
    expect(counters().run(unlimited, { maxSteps: 7 })).toEqual({ reason: 'limit', steps: 7 });
    const idler = definePlugin({
      name: 'idler',
      version: '1.0.0',
      contract: 1,
      agents: () => 1,
      setup: (ctx) => ctx.drive(() => ({ name: 'idler', enabled: () => true, step: () => 0 })),
    });
    const machine = createMachine({ plugins: [idler()] });
    expect(thrown(() => machine.run(roundRobin(), { maxSteps: 9 }))).toMatchObject({ code: 'AGENT_BAD_STEP' });
  });
});

describe('a choice', () => {
  const drawer = () =>
    toy(1, (ctx) =>
      ctx.offer({
        action: 'draw',
        cost: 'fault',
        available: () => true,
        perform: () => void (ctx.machine.choose('suit', 4) + ctx.machine.choose('rank', 13)),
      }),
    ).machine;

  it('is answered in order, by a function, or with 0', () => {
    const machine = drawer();
    expect(machine.cost(1)).toBe('fault');
    expect(machine.step(0, 1, [3])).toEqual([
      { name: 'suit', count: 4, answer: 3 },
      { name: 'rank', count: 13, answer: 0 },
    ]);
    expect(machine.step(0, 1, (_name, count) => count - 1).map(({ answer }) => answer)).toEqual([3, 12]);
    expect(thrown(() => machine.step(0, 1, [4]))).toMatchObject({ code: 'CHOICE_OUT_OF_RANGE' });
  });

  it('is put to the scheduler in a run', () => {
    const machine = drawer();
    const record: Move[] = [];
    const scheduler = { next: () => ({ index: 1, budget: 9 }), choose: (name: string) => (name === 'suit' ? 2 : 11) };
    machine.run(scheduler, { maxSteps: 1, record });
    expect(record).toEqual([{ agent: 0, action: 'draw', count: 1, answers: [2, 11] }]);
  });
});

describe('boot', () => {
  /** Agents that have booted after three steps, if `ends`; afterwards they could go on. */
  const booting = (ends = true) =>
    toy(
      2,
      (ctx) => {
        ctx.provide('boot', { booted: (agent) => ends && toys.own(agent).pc >= 3 });
      },
      ['boot'],
    );
  let toys: ReturnType<typeof toy>;

  it('steps the agents in turn until each has booted', () => {
    toys = booting();
    expect(toys.machine.boot({ maxSteps: 100 })).toBe(6);
    expect(toys.common().total).toBe(2);
  });

  it('says who never got ready, and where', () => {
    toys = booting(false);
    const error = thrown(() => toys.machine.boot({ maxSteps: 100 }));
    expect(error).toMatchObject({ code: 'BOOT_NEVER_READY', details: { agents: [0, 1], steps: 6 } });
    expect(error?.message).toContain('toy1 at end');
    toys = booting();
    expect(thrown(() => toys.machine.boot({ maxSteps: 2 }))).toMatchObject({ code: 'BOOT_NEVER_READY' });
    expect(thrown(() => toy().machine.boot())).toMatchObject({ code: 'CAPABILITY_MISSING' });
  });
});

describe('words', () => {
  it('come from whoever describes', () => {
    const { machine } = toy(1, (ctx) => {
      const door = ctx.state('shared', 'door', { open: bool });
      ctx.describe({ lanes: [{ name: 'door', value: () => (door.at().open ? 'open' : 'shut') }] });
    });
    expect(machine.describeAgent(0)).toBe('take');
    expect(machine.lanes.map(({ name, value }) => `${name}: ${value()}`)).toEqual(['lock: -1', 'door: shut']);
  });
});
