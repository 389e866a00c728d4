import { rerun } from '@checkstop/explorer';
import { describe, expect, it } from 'vitest';
import { runCell } from '../run-cell.ts';
import { CELLS, cellOf, GREEN, search, violated } from './cells.fixture.ts';

const found = new Map(await Promise.all(CELLS.map(async ([s, g]) => [`${s} ${g}`, await search(s, g)] as const)));
const cell = (strategy: string, guest: string) =>
  found.get(`${strategy} ${guest}`) as NonNullable<ReturnType<typeof found.get>>;

describe('the default matrix, under sprg2: private', () => {
  it.each(GREEN)('%s holds with %s, and every place of the work was tried', (strategy, guest) => {
    const { result } = cell(strategy, guest);
    expect(result).toMatchObject({ verdict: 'holds', complete: true, violations: [], goals: { missing: [] } });
    expect(result.goals.reached.length).toBeGreaterThan(20);
  });

  it('retrying inside the hcall with the lock held is a deadlock, with either guest', () => {
    for (const guest of ['guest-linux', 'guest-other-os'])
      expect(violated(cell('hcall-hold', guest))).toContain('noDeadlock');
    expect(violated(cell('hcall-hold', 'guest-linux'))).toEqual(['noDeadlock']);
  });

  it('the deadlock takes two checks, and is told in less than 20 visible steps', () => {
    const [deadlock] = cell('hcall-hold', 'guest-linux').result.violations;
    expect(deadlock).toMatchObject({ property: 'noDeadlock', faults: 2, shortest: true });
    expect(deadlock?.steps).toBeLessThan(20);
  });

  it.each(['hcall-hold', 'hcall-busy', 'hcall-wait'])(
    '%s loses what the other OS keeps in SPRG2, by one check on one vCPU',
    (strategy) => {
      const run = cell(strategy, 'guest-other-os');
      expect(violated(run)).toEqual(expect.arrayContaining(['entryContract', 'resumeContext', 'justifiedStop']));
      const [entry] = run.result.violations;
      expect(entry).toMatchObject({
        property: 'entryContract',
        faults: 1,
        preemptions: 0,
        text: expect.stringContaining('SPRG2'),
      });
      expect(new Set(entry?.schedule.map(({ agent }) => agent)).size).toBe(1);
    },
  );
});

it('the unreduced search agrees, here on the smallest cell (on every one: agreement.oracle.test.ts)', async () => {
  const unreduced = await search('direct-exit', 'guest-linux', { mode: 'unreduced' });
  expect(unreduced.result).toMatchObject({ verdict: 'holds', complete: true, violations: [], goals: { missing: [] } });
  expect(unreduced.result.states).toBeGreaterThan(5 * cell('direct-exit', 'guest-linux').result.states);
});

describe('other readings and builds', () => {
  it.each(['hcall-busy', 'hcall-wait'])(
    "%s: SPRG2 that PAPR calls shared is the guest's own fault, which its self-check reports",
    async (strategy) => {
      const run = await runCell(await cellOf(strategy, 'guest-other-os', { sprg2: 'shared' }));
      expect(violated(run)).toEqual(['justifiedStop']);
      expect(run.result.violations[0]?.text).toMatch(/keeps state in SPRG2.* the guest is at fault/);
    },
  );

  it.each(['unused', 'prologue'])('a guest whose SPRG2 is %s where it counts loses nothing', async (sprg2) => {
    expect((await search('hcall-busy', `guest-other-os:sprg2=${sprg2}`)).result.verdict).toBe('holds');
  });

  it.each([
    ['hcall-busy', 'guest-linux:endian=big', []],
    ['hcall-busy', 'guest-other-os:endian=little', ['entryContract', 'justifiedStop', 'resumeContext']],
    ['direct-exit', 'guest-other-os:endian=little', []],
  ])('%s with %s: the byte order changes nothing', async (strategy, guest, properties) => {
    expect(violated(await search(strategy, guest))).toEqual(properties);
  });
});

describe('tokens', () => {
  const runs = [...found].flatMap(([name, { cell, result }]) => [
    ...result.violations.map((run) => ({
      name: `${name} ${run.property}`,
      cell,
      run,
      property: run.property as string | undefined,
    })),
    ...(result.witness ? [{ name: `${name} witness`, cell, run: result.witness, property: undefined }] : []),
  ]);

  it.each(runs)('$name runs again step by step on a fresh machine, to the same end', ({ cell, run, property }) => {
    const machine = cell.boot();
    const { violations, ending } = rerun(machine, run.schedule);
    const said = [...violations, ...ending].map((violation) => violation.property);
    if (property) expect(said).toContain(property);
    else expect(violations).toEqual([]);
  });
});
