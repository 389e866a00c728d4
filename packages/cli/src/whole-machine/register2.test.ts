import { describe, expect, it } from 'vitest';
import { runCell } from '../run-cell.ts';
import { cellOf, violated } from './cells.fixture.ts';

/** Two vCPUs, one check on each; firmware has ibm,nmi-register-2. */
const search = async (strategy: string, guest: string, profile: Record<string, unknown> = {}) =>
  runCell(await cellOf(strategy, guest, { register2: true, ...profile }), { limits: { states: 300_000 } });

const LINUX = 'guest-linux:register2=true';
const OTHER_OS = 'guest-other-os:register2=true';

describe('a guest that registers by ibm,nmi-register-2', () => {
  it.each([
    ['direct-exit', LINUX],
    ['direct-exit', OTHER_OS],
    ['illegal-instruction', LINUX],
  ])('%s needs no scratch register: %s finds its reports in page 7', async (strategy, guest) => {
    const run = await search(strategy, guest);
    expect(run.result).toMatchObject({ verdict: 'holds', complete: true, violations: [] });
    expect(run.cell.boot().use('fwnmi').buffer).toBe(0x7000);
  });

  it('an hcall takes SPRG1 from a guest that has it for scratch, and leaves the SPRG2 alone that it keeps', async () => {
    expect((await search('hcall-busy', OTHER_OS)).result).toMatchObject({ verdict: 'holds', complete: true });
    expect(violated(await search('hcall-busy', 'guest-other-os'))).toContain('entryContract');
  });

  it('an hcall takes SPRG1 from a guest that keeps its own there', async () => {
    const run = await search('hcall-busy', LINUX);
    expect(run.result.violations.find(({ property }) => property === 'entryContract')).toMatchObject({
      faults: 1,
      text: expect.stringMatching(/^SPRG1 is/),
    });
    const shared = await search('hcall-busy', LINUX, { sprg2: 'shared' });
    expect(violated(shared)).not.toContain('entryContract');
    expect(violated(shared)).not.toEqual([]);
  });

  it('is refused where firmware has no such call', async () => {
    const cell = await cellOf('direct-exit', LINUX, { register2: false });
    expect(() => cell.compose()).toThrow(expect.objectContaining({ code: 'GUEST_NO_CALL' }));
    expect(() => cell.compose()).toThrow(/ibm,nmi-register-2.*--profile register2=true/);
  });
});
