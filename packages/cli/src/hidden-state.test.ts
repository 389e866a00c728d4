import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { definePlugin } from '@checkstop/kernel';
import { describe, expect, it } from 'vitest';
import { cellSpec } from './args.ts';
import { prepareCell } from './cell.ts';
import { refuseHiddenState } from './hidden-state.ts';
import { runCell } from './run-cell.ts';
import { runSample } from './run-sample.ts';
import { checkstop, temporaryFolder } from './testing.fixture.ts';

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
  await expect(runCell(await cellOf(false), { limits })).resolves.toBeDefined();
});

it('gives the machine back as it was', async () => {
  const machine = (await cellOf(false)).boot();
  const before = machine.arena.computeHash();
  refuseHiddenState(machine);
  expect(machine.arena.computeHash()).toBe(before);
});

describe('what is remembered and acted on rarely', () => {
  /** Gives up for good once it has been asked so often, as no machine is that has just booted. */
  const wearing = (most: number, where: 'module' | 'setup'): string => `
    ${where === 'module' ? 'let tries = 0;' : ''}
    export default () => ({
      name: 'wearing', version: '1.0.0', contract: 1, provides: ['delivery'], requires: ['hypervisor', 'fwnmi'], optional: [], options: {},
      setup(ctx) {
        ${where === 'setup' ? 'let tries = 0;' : ''}
        const fwnmi = ctx.use('fwnmi');
        const deliver = ctx.use('hypervisor').steps({ name: 'deliver', steps: {
          claim: (c) => tries++ > ${most} ? c.stay() : fwnmi.interlock.tryTake(c.agent) ? c.goto('enter') : c.yieldLock('claim'),
          enter(c) {
            fwnmi.report(c.agent, c.vcpu.gpr(3));
            fwnmi.enterRoutine(c.agent);
            return c.resume();
          },
        } });
        ctx.provide('delivery', { strike: () => deliver });
      },
    });`;

  /** More than the look before a search asks for, fewer than the search does. */
  const TRIES = 150;

  it.each([
    ['setup', 'explore'],
    ['module', 'explore'],
    ['module', 'sample'],
  ] as const)('in a %s makes no counterexample that cannot be replayed: %s', async (where, command) => {
    const cwd = temporaryFolder();
    writeFileSync(join(cwd, 'wearing.ts'), wearing(TRIES, where));
    const { code, out, err } = await checkstop(
      [command, './wearing.ts', 'guest-linux', '--max-states', '5000'].slice(0, command === 'sample' ? 3 : 5),
      { cwd },
    );
    expect(code).toBe(3);
    expect(out).not.toContain('checkstop replay');
    expect(err).toMatch(
      /^error EXPLORE_NOT_REPRODUCED: .*variable.* is kept by the strategy '\.\/wearing\.ts': .*ctx\.state\(\).*\n$/,
    );
  });

  it('is not looked for in what comes with the command, which replays as it is', async () => {
    const cell = await prepareCell(cellSpec('hcall-hold', 'guest-linux', values));
    expect(cell.foreign).toEqual([]);
    expect((await runCell(cell)).result.verdict).toBe('violated');
    expect((await runSample(cell, { runs: 50 })).result.verdict).toBe('violated');
  });
});
