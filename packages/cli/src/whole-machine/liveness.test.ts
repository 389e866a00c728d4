import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { live, progress } from './liveness.fixture.ts';

/** Strategy, then `progress` under no, weak and strong fairness, and under weak fairness with a FIFO lock. */
const TABLE = [
  ['hcall-hold', 'violated', 'violated', 'violated', 'violated'],
  ['hcall-busy', 'violated', 'violated', 'holds', 'holds'],
  ['hcall-wait', 'holds', 'holds', 'holds', 'holds'],
  ['illegal-instruction', 'violated', 'violated', 'holds', 'holds'],
  ['direct-exit', 'holds', 'holds', 'holds', 'holds'],
] as const;

const guide = readFileSync(new URL('../../../../docs/liveness.md', import.meta.url), 'utf8');

describe('whether every check is delivered in the end, with guest-linux', () => {
  it.each(TABLE)('%s: none %s, weak %s, strong %s; FIFO lock %s', async (strategy, none, weak, strong, fifo) => {
    const unfair = await live(strategy, 'guest-linux', 'unfair');
    expect(progress(unfair)).toEqual([none, weak, strong]);
    const [, withQueue] = progress(await live(strategy, 'guest-linux', 'fifo'));
    expect(withQueue).toBe(fifo);
    expect(guide).toContain(`| \`${strategy}\` | ${[none, weak, strong, withQueue].join(' | ')} |\n`);
    expect(unfair.result.livenessComplete).toBe(true);
  });

  it.each(TABLE)('%s: no fairness helps against a handler that takes the interlock along', async (strategy) => {
    const run = await live(strategy, 'guest-linux:handlerStops=true', 'fifo');
    expect(progress(run)).toEqual(['violated', 'violated', 'violated']);
  });

  it('a retry in the guest starves where the lock is free only now and then', async () => {
    const { result } = await live('hcall-busy', 'guest-linux', 'unfair');
    const [, weak] = result.lassos ?? [];
    expect(weak).toMatchObject({ fairness: 'weak', faults: 2, text: expect.stringContaining('is never let') });
    expect(new Set(weak?.loop.map(({ agent }) => agent))).toEqual(new Set([weak?.agent]));
  });
});
