import { checkDeterminism, definePlugin, roundRobin, seededRandom } from '@checkstop/kernel';
import { expect, it } from 'vitest';
import { prepareCell } from '../cell.ts';
import { CELLS, cellOf } from './cells.fixture.ts';

it.each(CELLS)('%s x %s keeps all its state in the arena', async (strategy, guest) => {
  const cell = await cellOf(strategy, guest);
  // A run may end early, in a justified panic.
  const checked = [1, 2, 3, 4].map((seed) => checkDeterminism(cell.boot(), seededRandom(seed), 300));
  expect(Math.max(...checked)).toBeGreaterThan(100);
});

/** A strategy with a mistake that no type sees: it counts its tries in a closure. */
const forgetful = definePlugin({
  name: 'forgetful',
  version: '1.0.0',
  contract: 1,
  provides: ['delivery'],
  requires: ['hypervisor', 'fwnmi'],
  setup(ctx) {
    const fwnmi = ctx.use('fwnmi');
    let tries = 0;
    const deliver = ctx.use('hypervisor').steps({
      name: 'deliver',
      steps: {
        claim: (c) => (++tries % 2 === 0 && fwnmi.interlock.tryTake(c.agent) ? c.goto('enter') : c.stay()),
        enter(c) {
          fwnmi.report(c.agent, c.vcpu.gpr(3));
          fwnmi.enterRoutine(c.agent);
          return c.resume();
        },
      },
    });
    ctx.provide('delivery', { strike: () => deliver });
  },
});

it('a strategy that counts in a closure is caught', async () => {
  const { spec } = await cellOf('direct-exit', 'guest-linux');
  const config = { strategies: { forgetful } };
  const machine = (await prepareCell({ ...spec, strategy: { name: 'forgetful', options: {} } }, config)).boot();
  machine.step(0, machine.actions.indexOf('check'));
  expect(() => checkDeterminism(machine, roundRobin(), 100)).toThrow(
    expect.objectContaining({ code: 'STATE_OUTSIDE_ARENA' }),
  );
});
