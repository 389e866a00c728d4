import { describe, expect, it } from 'vitest';
import { u32 } from './arena/descriptor.ts';
import { checkDeterminism } from './double-step.ts';
import type { PluginContext } from './plugin.ts';
import { Sfc32 } from './scheduler/random.ts';
import { roundRobin } from './scheduler/round-robin.ts';
import { thrown, toy } from './testing.ts';

/** Offers an action that does whatever it likes; the scheduler below takes nothing else. */
const offering =
  (perform: (ctx: PluginContext) => void, available = () => true) =>
  (ctx: PluginContext) =>
    ctx.offer({ action: 'act', cost: 'none', available, perform: () => perform(ctx) });
const acting = {
  next: (list: readonly { action: string }[]) => {
    const index = list.findIndex(({ action }) => action === 'act');
    return index < 0 ? undefined : { index, budget: 1 };
  },
};
const outside = { code: 'STATE_OUTSIDE_ARENA' };

describe('checkDeterminism', () => {
  it('passes what keeps its state in the arena', () => {
    expect(checkDeterminism(toy(2).machine, roundRobin(), 50)).toBe(6);
  });

  it('takes choices the same way twice, as the scheduler answers them', () => {
    const answers: number[] = [];
    const random = new Sfc32(1);
    const extend = offering((ctx) => void answers.push(ctx.machine.choose('card', 52)));
    expect(
      checkDeterminism(toy(1, extend).machine, { ...acting, choose: (_name, count) => random.below(count) }, 5),
    ).toBe(5);
    for (let i = 0; i < answers.length; i += 2) expect(answers[i]).toBe(answers[i + 1]);
    expect(new Set(answers).size).toBeGreaterThan(1);
  });

  it('names the field that a hidden counter leaked into', () => {
    let hidden = 0;
    const { machine } = toy(1, (ctx) => {
      const record = ctx.state('shared', 'sneaky', { seen: u32 });
      offering(() => void Object.assign(record.at(), { seen: ++hidden }))(ctx);
    });
    const error = thrown(() => checkDeterminism(machine, acting, 5));
    expect(error).toMatchObject({ ...outside, details: { step: 0, agent: 0, action: 'act' } });
    expect(error?.message).toContain('sneaky.seen (0x1, then 0x2)');
  });

  it('notices hidden state that shows only in what is read, asked, or possible next', () => {
    const twice = (act: (odd: boolean, ctx: PluginContext) => void) => {
      let times = 0;
      return offering((ctx) => act(++times % 2 === 1, ctx));
    };
    const message = (extend: (ctx: PluginContext) => void) =>
      thrown(() => checkDeterminism(toy(1, extend).machine, acting, 3))?.message;
    expect(message(twice((odd, ctx) => void (odd && ctx.ram.readU32(0, 'big'))))).toContain('whose state it touched');
    expect(message(twice((odd, ctx) => void (odd && ctx.machine.choose('x', 2))))).toContain('the choices it asked');
    let left = 2;
    const draining = offering(
      () => void left--,
      () => left > 0,
    );
    expect(message(draining)).toContain('what may happen next');
  });
});
