import { definePlugin } from '@checkstop/kernel';
import { expect, it } from 'vitest';
import { cellSpec } from './args.ts';
import { prepareCell } from './cell.ts';
import { refuseHiddenState } from './hidden-state.ts';
import { runCell } from './run-cell.ts';

const values = {
  hypervisor: 'qemu',
  vcpus: '2',
  checks: '1',
  resets: '0',
  profile: undefined,
  inject: undefined,
  full: undefined,
};

/** Counts its tries, in the arena as it should or in a variable of its own. */
const counting = (hides: boolean) =>
  definePlugin({
    name: 'counting',
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
          claim: (c) =>
            (!hides || ++tries % 2 === 0) && fwnmi.interlock.tryTake(c.agent) ? c.goto('enter') : c.stay(),
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

const cellOf = (hides: boolean) =>
  prepareCell(cellSpec('counting', 'guest-linux', values), { strategies: { counting: counting(hides) } });

it('refuses a strategy that remembers something where no search sees it, before it searches', async () => {
  let began = false;
  const limits = { states: 1000 };
  const run = runCell(await cellOf(true), { limits, onProgress: () => (began = true) });
  await expect(run).rejects.toMatchObject({ code: 'STATE_OUTSIDE_ARENA' });
  expect(began).toBe(false);
  expect((await runCell(await cellOf(false), { limits })).result.verdict).toBe('incomplete');
});

it('gives the machine back as it was', async () => {
  const machine = (await cellOf(false)).boot();
  const before = machine.arena.computeHash();
  refuseHiddenState(machine);
  expect(machine.arena.computeHash()).toBe(before);
});
