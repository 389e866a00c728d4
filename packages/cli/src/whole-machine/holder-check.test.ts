import { describe, expect, it } from 'vitest';
import { prepareCell } from '../cell.ts';
import { coverageText } from '../coverage.ts';
import { type CellRun, runCell } from '../run-cell.ts';
import { cellOf, violated } from './cells.fixture.ts';

/** One vCPU, two recovered checks: the second may strike while the routine of the first still holds the interlock. */
async function again(strategy: string, holderCheck: string): Promise<CellRun> {
  const { spec } = await cellOf(strategy, 'guest-linux', { holderCheck });
  return runCell(await prepareCell({ ...spec, vcpus: 1, checks: { perVcpu: 2, recovered: true } }));
}

describe.each(['direct-exit', 'illegal-instruction', 'hcall-busy'])(
  'a second check before ibm,nmi-interlock, %s',
  (strategy) => {
    it('is a justified checkstop (LoPAR)', async () => {
      expect((await again(strategy, 'checkstop')).result.verdict).toBe('holds');
    });

    it('that QEMU drops takes SRR0 and SRR1 along before the routine has saved them', async () => {
      const run = await again(strategy, 'drop-recovered');
      expect(violated(run)).toEqual(expect.arrayContaining(['entryContract', 'justifiedStop', 'noFalseResume']));
      expect(coverageText(run)).toMatch(/dropped at \d+/);
    });

    it('that nothing is done about waits for its own vCPU for ever', async () => {
      expect(violated(await again(strategy, 'nothing'))).toContain('noDeadlock');
    });
  },
);
