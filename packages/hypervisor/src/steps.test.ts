import { checkDeterminism, seededRandom, u32 } from '@checkstop/kernel';
import { describe, expect, it } from 'vitest';
import type { Condition } from './condition.ts';
import type { Hypervisor } from './hypervisor.ts';
import type { Lock } from './lock.ts';
import { type Bench, type BenchOptions, bench } from './testing.ts';

/** Every vCPU makes hypercall 1, again and again. */
const LOOP = '1: li 3,1\n sc 1\n b 1b';

const withCall = (define: (h: Hypervisor) => Parameters<Hypervisor['steps']>[0], options: BenchOptions = {}) =>
  bench(LOOP, { ...options, extend: (h) => h.hcalls.bind(1, h.steps(define(h))) });

describe('a step machine', () => {
  it('takes one named step at a time, with its locals in the arena', () => {
    const { machine, step, vcpus } = bench(LOOP, {
      extend: (h) =>
        h.hcalls.bind(
          1,
          h.steps({
            name: 'count',
            locals: { left: u32, sum: u32 },
            steps: {
              begin(c) {
                c.locals.left = 3;
                return c.goto('add');
              },
              add(c) {
                c.locals.sum += c.locals.left;
                c.locals.left -= 1;
                return c.locals.left === 0 ? c.done(c.locals.sum) : c.stay();
              },
            },
          }),
        ),
    });
    const words = () => machine.describeAgent(0);
    step(0, 2);
    expect(words()).toBe('count: begin');
    step(0);
    expect(words()).toBe('count: add');
    const before = machine.arena.mark();
    step(0, 3);
    expect(vcpus[0].gpr(3)).toBe(6n);
    expect(words()).toMatch(/^0x1008 b /);
    machine.arena.undo(before);
    expect(words()).toBe('count: add');
  });

  it('leaves no trace of its locals', () => {
    const { machine, step } = bench(LOOP, {
      extend(h) {
        const second = h.steps({
          name: 'second',
          locals: { x: u32 },
          steps: {
            end(c) {
              c.locals.x += 1;
              return c.done(0);
            },
          },
        });
        const first = h.steps({
          name: 'first',
          locals: { x: u32 },
          steps: {
            begin(c) {
              c.locals.x += 7;
              return c.become(second);
            },
          },
        });
        h.hcalls.bind(1, first);
      },
    });
    step(0, 5);
    const hash = machine.arena.hash();
    step(0, 5);
    expect(machine.arena.hash()).toBe(hash);
  });

  it('of a third party that keeps state outside the arena is found out', () => {
    let calls = 0;
    const honest = withCall(() => ({ name: 'honest', steps: { a: (c) => c.done(5) } }));
    expect(checkDeterminism(honest.machine, seededRandom(1), 30)).toBe(30);
    const sneaky = withCall(() => ({ name: 'sneaky', steps: { a: (c) => c.done(++calls) } }));
    expect(() => checkDeterminism(sneaky.machine, seededRandom(1), 30)).toThrow(/came out differently/);
  });

  it.each([
    ['STEPS_UNKNOWN_STEP', () => ({ name: 'x', steps: { a: (c: { goto(s: string): never }) => c.goto('b') } })],
    ['STEPS_NO_OUTCOME', () => ({ name: 'x', steps: { a: () => undefined as never } })],
  ])('that ends a step wrongly fails with %s', (code, define) => {
    const { step } = withCall(define as never);
    expect(() => step(0, 3)).toThrow(expect.objectContaining({ code }));
  });

  it('without steps is refused', () => {
    expect(() => withCall(() => ({ name: 'x', steps: {} }))).toThrow(/has no steps/);
  });
});

describe('the exit lock', () => {
  it.each(['unfair', 'fifo'] as const)('lets one vCPU at a time into the hypervisor (%s)', (exitLock) => {
    const { machine, step, until } = withCall(() => ({ name: 'call', steps: { a: (c) => c.stay() } }), {
      vcpus: 2,
      exitLock,
    });
    until(0, 'lock');
    until(1, 'lock');
    expect(machine.describeAgent(1)).toBe('call: a (waits for big)');
    if (exitLock === 'fifo') expect(machine.available(1, 0)).toBe(false);
    step(0);
    expect(machine.available(1, 0)).toBe(false);
    expect(machine.lanes.map(({ name, value }) => `${name} ${value()}`)).toEqual(['big vcpu0']);
  });

  it('is kept over a retry, dropped for a poll, and dropped on return', () => {
    const { machine, step, until } = withCall(
      () => ({
        name: 'poll',
        steps: { first: (c) => c.goto('hold'), hold: (c) => c.yieldLock('again'), again: (c) => c.done(0) },
      }),
      { vcpus: 2, exitLock: 'unfair' },
    );
    until(0, 'hypervisor');
    until(1, 'lock');
    step(0);
    expect(machine.available(1, 0)).toBe(false);
    step(0);
    expect([machine.available(0, 0), machine.available(1, 0)]).toEqual([true, true]);
    step(0);
    expect(machine.available(1, 0)).toBe(false);
    step(0);
    expect(machine.available(1, 0)).toBe(true);
  });

  it('if fifo goes to who waited longest', () => {
    const { machine, until } = withCall(
      () => ({ name: 'poll', steps: { first: (c) => c.yieldLock('again'), again: (c) => c.done(0) } }),
      { vcpus: 3, exitLock: 'fifo' },
    );
    for (const agent of [2, 0, 1]) until(agent, 'lock');
    const next = () => machine.alternatives().map(({ agent }) => agent);
    const order = [];
    for (let i = 0; i < 3; i++) {
      order.push(...next());
      until(next()[0] as number, 'hypervisor');
      until(next()[0] as number, 'lock');
    }
    expect(order).toEqual([2, 0, 1]);
    expect(next()).toEqual([2]);
  });
});

describe('a lock of its own', () => {
  it('is taken and released by outcomes, by its holder only', () => {
    let lock = {} as Lock;
    const { machine, step, until } = withCall(
      (h) => {
        lock = h.lock('own');
        return {
          name: 'own',
          steps: { ask: (c) => c.acquire(lock, 'have'), have: (c) => c.release(lock, 'gave'), gave: (c) => c.done(0) },
        };
      },
      { vcpus: 2 },
    );
    until(0, 'lock');
    until(1, 'lock');
    step(0);
    expect(lock.holder).toBe(0);
    expect(machine.available(1, 0)).toBe(false);
    expect(() => lock.release(1)).toThrow(/vCPU 0 holds/);
    step(0);
    expect(machine.available(1, 0)).toBe(true);
    expect(() => lock.release(0)).toThrow(/nobody holds/);
  });

  it('of another hypervisor cannot be waited for', () => {
    const { hypervisor } = bench('nop', { extend: (h) => void h.lock('foreign') });
    expect(hypervisor.mode(0)).toBe('guest');
    let foreign = {} as Lock;
    bench('nop', {
      extend: (h) => {
        foreign = h.lock('foreign');
      },
    });
    const { step } = withCall(() => ({ name: 'x', steps: { a: (c) => c.acquire(foreign, 'a') } }));
    expect(() => step(0, 3)).toThrow(expect.objectContaining({ code: 'STEPS_FOREIGN_WAIT' }));
  });
});

describe('a condition', () => {
  /** Number of the action by which the tests signal it. */
  const RING = 1;
  const sleepers = (vcpus: number, exitLock?: 'unfair' | 'fifo') => {
    let condition = {} as Condition;
    const made = bench(LOOP, {
      vcpus,
      ...(exitLock ? { exitLock } : {}),
      extend(h, ctx) {
        condition = h.condition('tea');
        ctx.offer({ action: 'ring', cost: 'none', available: () => true, perform: () => condition.signal() });
        h.hcalls.bind(1, h.steps({ name: 'sleep', steps: { a: (c) => c.wait(condition, 'b'), b: (c) => c.done(0) } }));
      },
    });
    for (let agent = 0; agent < vcpus; agent++) made.until(agent, 'condition');
    return { ...made, condition };
  };
  const awake = ({ machine }: Pick<Bench, 'machine'>) =>
    machine.agents.map((_, agent) => agent).filter((agent) => machine.available(agent, 0));

  it('drops the exit lock while waiting and takes it again', () => {
    const made = sleepers(2, 'unfair');
    expect(awake(made)).toEqual([]);
    made.condition.broadcast();
    expect(awake(made)).toEqual([0, 1]);
    made.step(1);
    expect(awake(made)).toEqual([1]);
    made.until(1, 'guest');
    expect(awake(made)).toEqual([0, 1]);
  });

  it('signal wakes one, whichever the scheduler says', () => {
    const { machine, condition } = sleepers(3);
    const told: number[] = [];
    machine.bus.on('wake', ({ agent }) => told.push(agent));
    expect(machine.step(0, RING, [1])).toEqual([{ name: 'wake:tea', count: 3, answer: 1 }]);
    expect(condition.waiters).toBe(0b101);
    machine.step(0, RING, [1]);
    expect(machine.step(0, RING)).toEqual([]); // one is left: nothing to choose
    machine.step(0, RING);
    expect(told).toEqual([1, 2, 0]);
  });

  it('wakes the one that is meant, and nobody when it does not wait', () => {
    const { condition } = sleepers(3);
    condition.wake(1);
    condition.wake(1);
    expect(condition.waiters).toBe(0b101);
  });

  it('hands a fifo exit lock to its waiters in the order in which they ask for it, once they are woken', () => {
    const made = sleepers(2, 'fifo');
    made.condition.broadcast();
    expect(awake(made)).toEqual([0, 1]);
    made.step(1);
    made.step(0);
    expect(awake(made)).toEqual([1]);
    made.until(1, 'guest');
    expect(awake(made)).toEqual([0, 1]);
  });
});
