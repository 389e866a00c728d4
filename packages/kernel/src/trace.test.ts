import { describe, expect, it } from 'vitest';
import { seededRandom } from './scheduler/random.ts';
import { roundRobin } from './scheduler/round-robin.ts';
import { toy } from './testing.ts';
import { traceTo } from './trace.ts';

declare module '@checkstop/kernel' {
  interface Events {
    'test.wide': { readonly agent: number; readonly value: bigint };
  }
}

describe('a trace', () => {
  it('begins with what runs and has one line an event', () => {
    const { machine } = toy(1, (ctx) =>
      ctx.offer({
        action: 'knock',
        cost: 'fault',
        available: () => true,
        perform: (agent) => {
          ctx.machine.choose('door', 2);
          ctx.bus.emit('test.wide', { agent, value: 0xffff_ffff_ffff_ffffn });
        },
      }),
    );
    const lines: unknown[] = [];
    const dispose = traceTo(machine, (line) => lines.push(JSON.parse(line)), 7);
    machine.bus.on('stop', ({ agent }) => machine.bus.emit('test.wide', { agent, value: 1n }));
    machine.step(0);
    machine.step(0, 1, [1]);
    machine.stop('enough', 0);
    dispose();
    machine.stop('enough', 0);
    expect(lines).toEqual([
      {
        schema: 'checkstop.trace/1',
        plugins: [{ name: 'toy', version: '1.0.0', options: {} }],
        agents: ['toy0'],
        seed: 7,
      },
      { seq: 0, step: 0, event: 'step', agent: 0, action: 'step', what: 'take' },
      { seq: 1, step: 1, event: 'step', agent: 0, action: 'knock', what: 'knock before add' },
      { seq: 2, step: 1, event: 'choice', agent: 0, name: 'door', count: 2, answer: 1 },
      { seq: 3, step: 1, event: 'test.wide', agent: 0, value: '0xffffffffffffffff' },
      { seq: 4, step: 1, event: 'stop', agent: 0, reason: 'enough' },
      { seq: 5, step: 1, event: 'test.wide', agent: 0, value: '0x1' },
    ]);
  });

  it('is the same for the same seed', () => {
    const run = (seed: number): string[] => {
      const { machine } = toy(3);
      const lines: string[] = [];
      traceTo(machine, (line) => lines.push(line), seed);
      machine.run(seededRandom(seed), { maxSteps: 100 });
      return lines;
    };
    expect(run(7)).toEqual(run(7));
    expect(run(7)).not.toEqual(run(8));
  });

  it('does not change what it watches, and has every single step', () => {
    for (const quantum of [1, 2, 3, 7]) {
      const plain = toy(3).machine;
      const traced = toy(3).machine;
      const lines: string[] = [];
      traceTo(traced, (line) => lines.push(line));
      for (const maxSteps of [2, 3, 99]) {
        const result = plain.run(roundRobin(quantum), { maxSteps });
        expect(traced.run(roundRobin(quantum), { maxSteps })).toEqual(result);
        expect(traced.arena.hash()).toBe(plain.arena.hash());
      }
      expect(lines.length).toBe(1 + 9);
    }
  });
});
