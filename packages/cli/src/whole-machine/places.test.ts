import { FAIRNESS, underFairness } from '@checkstop/explorer';
import { describe, expect, it } from 'vitest';
import { prepareCell } from '../cell.ts';
import { neverStruck, outcomesByPlace } from '../coverage.ts';
import { runCell } from '../run-cell.ts';
import { checkstop } from '../testing.fixture.ts';
import { cellOf } from './cells.fixture.ts';
import { testGuide } from './guide.fixture.ts';

testGuide('places', 120_000);

/** A cell of two vCPUs, with these options of `injectChecks` and of the firmware. */
async function struck(guest: string, checks: Record<string, unknown>, profile: Record<string, unknown> = {}) {
  const { spec } = await cellOf('direct-exit', guest, profile);
  return prepareCell({ ...spec, checks: { perVcpu: 1, ...checks } });
}

describe('a check that strikes again and again', () => {
  it.each([
    ['that nobody repairs', 'guest-linux', 'as-found', 'violated'],
    ['that the handler repairs', 'guest-linux:repairs=true', 'as-found', 'holds'],
    ['that the log calls recovered', 'guest-linux:repairs=true', 'recovered', 'violated'],
  ] as const)('%s: is it ever over?', async (_what, guest, disposition, verdict) => {
    const { result } = await runCell(await struck(guest, { arrival: 'sync' }, { disposition }), { liveness: true });
    const profiles = underFairness(result, 'progress');
    expect(FAIRNESS.map((fairness) => profiles?.[fairness].verdict)).toEqual(FAIRNESS.map(() => verdict));
  });
});

describe('coverage', () => {
  const passing = 'guest-linux:rtasEntry=ri-off,task=swapped';

  it('has what the work passes through, where checks strike as well', async () => {
    const { result, machine } = await runCell(await struck(passing, {}));
    const { passes = [], symbols } = machine.use('guest');
    expect(passes.map(({ start }) => start)).toEqual([symbols.get('enter_rtas'), symbols.get('enter_task')]);
    const outcomes = outcomesByPlace(result);
    const tags = passes.map(({ start }) => outcomes.get(`0x${start.toString(16).padStart(4, '0')}`));
    for (const list of tags) expect(list).toEqual(expect.arrayContaining(['check', 'delivered']));
    expect(neverStruck(machine, outcomes).work).toEqual([]);
    expect(outcomes.get('ceded')).toContain('check');
  });

  it('names it where none struck, in the byte order that it runs in', async () => {
    const { out } = await checkstop(['explore', 'direct-exit', passing, '--vcpus', '1', '--checks', '0']);
    const missed = out.slice(out.indexOf('never struck: '));
    for (const text of ['stw r3,0(r1)', 'trap', 'li r3,8197', 'ori r4,r4,16386']) expect(missed).toContain(text);
  });

  it('misses nothing before what cannot meet a check', async () => {
    const run = async (kind: string) => {
      const { result, machine } = await runCell(await struck('guest-linux:repairs=true', { arrival: 'sync', kind }));
      const outcomes = outcomesByPlace(result);
      return [
        [...outcomes.values()].filter((tags) => tags.includes('check')).length,
        neverStruck(machine, outcomes).work,
      ];
    };
    expect(await run('slb-multihit')).toEqual([2, []]);
    const [count, missed] = await run('slb-multihit-fetch');
    expect(count).toBeGreaterThan(10);
    expect(missed).toHaveLength(1);
  });
});
