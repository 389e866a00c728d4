import { underFairness } from '@checkstop/explorer';
import { expect, it } from 'vitest';
import { prepareCell } from '../cell.ts';
import { type CellRun, runCell } from '../run-cell.ts';
import { cellOf, violated } from './cells.fixture.ts';
import { MISTAKEN, sound } from './third-party.fixture.ts';

/** Searches a strategy that comes from a configuration. */
async function judged(strategy: typeof sound, guest: string, liveness = false): Promise<CellRun> {
  const { spec } = await cellOf('direct-exit', guest);
  const own = { ...spec, strategy: { name: 'theirs', options: {} } };
  const cell = await prepareCell(own, { strategies: { theirs: () => strategy() } });
  return runCell(cell, { liveness, limits: { states: 30_000 } });
}

const weak = ({ result }: CellRun) => underFairness(result, 'progress')?.weak.verdict;

it.each(['guest-linux', 'guest-linux:reregister=true', 'guest-other-os'])(
  'a strategy without a mistake holds with %s',
  async (guest) => {
    const run = await judged(sound, guest, true);
    expect(run.result).toMatchObject({ verdict: 'holds', complete: true, violations: [], goals: { missing: [] } });
    expect(weak(run)).toBe('holds');
  },
  90_000,
);

const { progress, noStale, ...others } = MISTAKEN;

it.each(Object.entries(others))(
  '%s sees the mistake that is its own',
  async (property, strategy) => {
    expect(violated(await judged(strategy, 'guest-linux'))).toContain(property);
  },
  90_000,
);

it('noStale does, where the guest registers again', async () => {
  expect(violated(await judged(noStale, 'guest-linux:reregister=true'))).toContain('noStale');
  expect((await judged(noStale, 'guest-linux')).result.verdict).toBe('holds');
});

it('progress does, where all else holds', async () => {
  const run = await judged(progress, 'guest-linux', true);
  expect(run.result.verdict).toBe('holds');
  expect(weak(run)).toBe('violated');
});
