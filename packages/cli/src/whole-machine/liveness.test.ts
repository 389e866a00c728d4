import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { FOR_EVER, live, ONE_CHECK, progress } from './liveness.fixture.ts';

const guide = readFileSync(new URL('../../../../docs/liveness.md', import.meta.url), 'utf8');
const row = (...cells: readonly string[]): string => `| \`${cells[0]}\` | ${cells.slice(1).join(' | ')} |\n`;

describe('whether every check is delivered in the end, with guest-linux', () => {
  it.each(ONE_CHECK)('%s: none %s, weak %s, strong %s; FIFO lock %s', async (strategy, none, weak, strong, fifo) => {
    const unfair = await live(strategy, 'guest-linux');
    expect(progress(unfair)).toEqual([none, weak, strong]);
    const [, withQueue = ''] = progress(await live(strategy, 'guest-linux', { bql: 'fifo' }));
    expect(withQueue).toBe(fifo);
    expect(guide).toContain(row(strategy, none, weak, strong, withQueue));
    expect(unfair.result.livenessComplete).toBe(true);
  });

  it.each(ONE_CHECK)('%s: the same with three vCPUs', async (strategy, ...expected) => {
    const run = await live(strategy, 'guest-linux', { vcpus: 3 });
    expect(progress(run)).toEqual(expected.slice(0, 3));
    expect(run.result.reductions).toContain('merging');
  });

  it.each(ONE_CHECK)('%s: no fairness helps against a handler that takes the interlock along', async (strategy) => {
    const run = await live(strategy, 'guest-linux:handlerStops=true', { bql: 'fifo' });
    expect(progress(run)).toEqual(['violated', 'violated', 'violated']);
  });

  it('a retry in the guest starves where the lock is free only now and then', async () => {
    const { result } = await live('hcall-busy', 'guest-linux');
    const [, weak] = result.lassos ?? [];
    expect(weak).toMatchObject({ fairness: 'weak', faults: 2, text: expect.stringContaining('is never let') });
    expect(new Set(weak?.loop.map(({ agent }) => agent))).toEqual(new Set([weak?.agent]));
  });
});

describe('where checks strike for ever, under weak fairness and with a FIFO lock', () => {
  const forEver = { checks: 'unbounded', bql: 'fifo' } as const;

  it.each(FOR_EVER)('%s: barging %s, FIFO hand-off %s', async (strategy, barging, fifo) => {
    const found: string[] = [];
    for (const handOff of ['barging', 'fifo'] as const) {
      const run = await live(strategy, 'guest-linux', { ...forEver, handOff });
      expect([run.result.verdict, run.result.complete]).toEqual([
        strategy === 'hcall-hold' ? 'violated' : 'holds',
        true,
      ]);
      found.push(progress(run)[1] ?? '');
    }
    expect(found).toEqual([barging, fifo]);
    expect(guide).toContain(row(strategy, ...found));
  });

  it('who waits is overtaken by who is struck anew, time and again', async () => {
    const { result } = await live('direct-exit', 'guest-linux', forEver);
    const weak = result.lassos?.find(({ fairness }) => fairness === 'weak');
    const strikes = weak?.loop.filter(({ action }) => action === 'check').map(({ agent }) => agent);
    expect([weak?.agent, strikes]).toEqual([0, [1]]);
    // Everybody has his turn: only not while the interlock is free.
    expect(new Set(weak?.loop.map(({ agent }) => agent))).toEqual(new Set([0, 1]));
  });

  it('FIFO hand-off does not help against a handler that takes the interlock along', async () => {
    const run = await live('direct-exit', 'guest-linux:handlerStops=true', { ...forEver, handOff: 'fifo' });
    expect(progress(run)).toEqual(['violated', 'violated', 'violated']);
  });
});
