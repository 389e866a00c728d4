import { describe, expect, it } from 'vitest';
import { prepareCell } from '../cell.ts';
import { type CellRun, runCell } from '../run-cell.ts';
import { checkstop } from '../testing.fixture.ts';
import { cellOf, violated } from './cells.fixture.ts';

interface Struck {
  readonly checks?: number;
  readonly resets?: number;
  readonly vcpus?: number;
  readonly profile?: Record<string, unknown>;
}

/** One vCPU, struck by a check and a system reset unless said otherwise. */
async function struck(strategy: string, guest: string, struck: Struck = {}): Promise<CellRun> {
  const { checks = 1, resets = 1, vcpus = 1, profile = {} } = struck;
  const { spec } = await cellOf(strategy, guest, profile);
  return runCell(await prepareCell({ ...spec, vcpus, resets, checks: { perVcpu: checks } }));
}

/** Boundaries at which a reset was survived. */
const survived = ({ result }: CellRun): number =>
  result.coverage.filter(({ tags }) => tags.includes('resetReturned')).length;

const GUESTS = ['guest-linux', 'guest-other-os'];

describe.each(GUESTS)('system resets, %s', (guest) => {
  it.each(['direct-exit', 'illegal-instruction'])('%s: a check and a reset, in any order, hold', async (strategy) => {
    const run = await struck(strategy, guest);
    expect(run.result).toMatchObject({ verdict: 'holds', complete: true, violations: [] });
    expect(survived(run)).toBeGreaterThan(20);
  });

  it.each([
    ['two resets, of which the second strikes the routine of the first', { resets: 2 }],
    ['two vCPUs', { vcpus: 2 }],
  ])('%s do no harm', async (_what, more) => {
    const run = await struck('direct-exit', guest, { ...more, checks: 0 });
    // Without checks no goal of delivery can be reached.
    expect(run.result).toMatchObject({ verdict: 'vacuous', complete: true, violations: [] });
    expect(survived(run)).toBeGreaterThan(20);
  });

  it("where r3 is kept (LoPAR) no buffer is there to read, and isn't read", async () => {
    const run = await struck('direct-exit', guest, { profile: { resetR3: 'kept' } });
    expect(run.result.verdict).toBe('holds');
  });

  it('a routine that loses a register is found out', async () => {
    const run = await struck('direct-exit', `${guest}:systemReset=lossy`);
    expect(violated(run)).toContain('resumeContext');
    const [lost] = run.result.violations.filter(({ property }) => property === 'resumeContext');
    expect(lost).toMatchObject({ faults: 1, text: expect.stringMatching(/^CR is/) });
  });

  it('a guest that panics at RI=1 is found out', async () => {
    expect(violated(await struck('direct-exit', `${guest}:systemReset=panic`))).toEqual(['justifiedStop']);
  });
});

it("a reset inside an hcall's vector destroys SRR0 and SRR1, and the guest says so", async () => {
  const run = await struck('hcall-busy', 'guest-linux');
  expect(run.result).toMatchObject({ verdict: 'holds', complete: true });
  const at0x200 = run.result.coverage.filter(({ where }) => where.startsWith('0x0200'));
  expect(at0x200[0]?.tags).toContain('reset');
});

it('--resets is printed among the bounds, and the token carries it', async () => {
  const { code, out } = await checkstop([
    ...['explore', 'direct-exit', 'guest-linux:systemReset=panic'],
    ...['--vcpus', '1', '--checks', '0', '--resets', '1'],
  ]);
  expect([code, out]).toEqual([1, expect.stringMatching(/^resets {5}perVcpu 1; before every instruction/m)]);
  const token = /checkstop replay (\S+)/.exec(out)?.[1] as string;
  const replayed = await checkstop(['replay', token]);
  expect([replayed.code, replayed.out]).toEqual([1, expect.stringContaining('justifiedStop')]);
  expect(out).toMatch(/^(so far, )?system resets struck at \d+ places, survived at 0$/m);
});

it('--resets goes as far as the reset that LoPAR answers with a reboot', async () => {
  const { code, err } = await checkstop(['explore', 'direct-exit', 'guest-linux', '--resets', '4']);
  expect([code, err]).toEqual([3, expect.stringMatching(/resets.*0 to 3/)]);
});
