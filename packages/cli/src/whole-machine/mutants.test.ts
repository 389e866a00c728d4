import { parseToken, rerun } from '@checkstop/explorer';
import { mutants } from '@checkstop/mutants';
import { describe, expect, it } from 'vitest';
import { parseCellSpec, prepareCell } from '../cell.ts';
import { type MutantVerdict, withMutants } from '../mutants.ts';
import { runCell } from '../run-cell.ts';
import { cellOf, GREEN, search, violated } from './cells.fixture.ts';

/** The mistakes of the library that delivery never comes to, by strategy: nobody waits, or firmware does not enter the routine. */
const IDLE: Readonly<Record<string, readonly string[]>> = {
  'hcall-busy': ['entry-without-me', 'lost-wakeup'],
  'hcall-wait': ['entry-without-me'],
  'illegal-instruction': ['lost-wakeup'],
};

const named = (verdicts: readonly MutantVerdict[], outcome: MutantVerdict['outcome']) =>
  verdicts.filter((verdict) => verdict.outcome === outcome).map(({ name }) => name);

describe('every green cell turns red with any mistake that makes a difference in it', () => {
  it.each(GREEN)(
    '%s x %s',
    async (strategy, guest) => {
      const { mutants: verdicts = [] } = await withMutants(await search(strategy, guest));
      expect(verdicts.length).toBeGreaterThan(10);
      expect(named(verdicts, 'idle')).toEqual(IDLE[strategy] ?? []);
      expect([named(verdicts, 'survived'), named(verdicts, 'undecided')]).toEqual([[], []]);
      for (const { name, property } of verdicts.filter(({ outcome }) => outcome === 'killed')) {
        const { seenBy } = mutants.find((mutant) => mutant.name === name) ?? { seenBy: [] };
        expect(seenBy, name).toContain(property);
      }
    },
    120_000,
  );

  it('and every mistake of the library is one of some cell, with one check, or with two and a reset', async () => {
    const cells = await Promise.all(GREEN.map(([strategy, guest]) => cellOf(strategy, guest)));
    const twice = await prepareCell({ ...cells[0].spec, checks: { perVcpu: 2 }, resets: 1 });
    const names = new Set([...cells, twice].flatMap((cell) => cell.mutants.map(({ name }) => name)));
    expect([...names].sort()).toEqual(mutants.map(({ name }) => name).sort());
  });
});

it('a second check that waits for its own vCPU is seen', async () => {
  const { spec } = await cellOf('direct-exit', 'guest-linux');
  const cell = await prepareCell({ ...spec, vcpus: 1, checks: { perVcpu: 2 } });
  expect(violated(await runCell(cell.mutate('waits-for-itself')))).toContain('noDeadlock');
});

it('a handler that loses what a system reset interrupted is seen', async () => {
  const { spec } = await cellOf('direct-exit', 'guest-linux');
  const cell = await prepareCell({ ...spec, vcpus: 1, resets: 1 });
  expect(violated(await runCell(cell.mutate('lossy-reset'), { limits: { states: 300_000 } }))).toContain(
    'resumeContext',
  );
});

it('a log that another report overwrote is seen by more than its entry', async () => {
  const cell = await cellOf('direct-exit', 'guest-linux');
  expect(violated(await runCell(cell.mutate('interlock-for-all')))).toContain('ownLog');
});

it('the token of a mutant has the mistake in it', async () => {
  const cell = await cellOf('direct-exit', 'guest-linux');
  const { result } = await runCell(cell.mutate('clobbered-lr'));
  const { config, schedule, hash } = parseToken(result.violations[0]?.token ?? '');
  const spec = parseCellSpec(config);
  expect(spec).toEqual({ ...cell.spec, mutant: 'clobbered-lr' });
  const again = rerun((await prepareCell(spec)).boot(), schedule);
  expect(again.hash).toBe(hash);
  expect(again.violations.map(({ property }) => property)).toContain('entryContract');
  expect(rerun(cell.boot(), schedule).violations).toEqual([]);
});

it('a mutant of another cell is refused by name', async () => {
  const cell = await cellOf('direct-exit', 'guest-linux');
  expect(() => cell.mutate('late-srr')).toThrow(/no mutant 'late-srr' of this cell; there are untested-ri/);
});

it('what does not hold is not tried', async () => {
  expect(await withMutants(await search('hcall-hold', 'guest-linux'))).not.toHaveProperty('mutants');
});

it('the guest that forges a report is harmless while the exit tests what it must', async () => {
  for (const guest of ['guest-linux', 'guest-other-os'])
    for (const forge of ['word', 'branch'])
      expect((await search('illegal-instruction', `${guest}:forge=${forge}`)).result.verdict).toBe('holds');
});
