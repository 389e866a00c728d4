import { rerun } from '@checkstop/explorer';
import { describe, expect, it } from 'vitest';
import { search, violated } from './cells.fixture.ts';

const GUESTS = ['guest-linux:reregister=true', 'guest-other-os:reregister=true'];

/** Two vCPUs, one check on each, and a guest that registers another routine while it works. */
describe('a guest that registers again', () => {
  it.each(['direct-exit', 'illegal-instruction', 'hcall-wait'])(
    '%s takes every check to a routine that is registered',
    async (strategy) => {
      const { result } = await search(strategy, 'guest-linux:reregister=true');
      expect(result).toMatchObject({ verdict: 'holds', complete: true, violations: [], goals: { missing: [] } });
    },
    60_000,
  );

  it.each(GUESTS)('%s: a plain exit that read the address too early enters what is gone', async (guest) => {
    const run = await search('direct-exit:routine=injection', guest);
    expect(violated(run)).toEqual(['noStale']);
    const [stale] = run.result.violations;
    expect(stale).toMatchObject({ property: 'noStale', faults: 1, text: expect.stringContaining('was gone') });
    const { violations } = rerun(run.cell.boot(), stale?.schedule ?? []);
    expect(violations.map(({ property }) => property)).toContain('noStale');
  });

  it('a vector that is not written anew leads to what is gone', async () => {
    const run = await search('hcall-busy:repatch=false', 'guest-linux:reregister=true', {
      limits: { states: 300_000 },
    });
    expect(violated(run)).toEqual(['noStale']);
  });

  it('reading the address too early does no harm where it is never replaced', async () => {
    expect((await search('direct-exit:routine=injection', 'guest-linux')).result.verdict).toBe('holds');
  });
});
