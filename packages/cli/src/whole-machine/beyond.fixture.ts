import { type CellRun, runCell } from '../run-cell.ts';
import { CELLS, cellOf, GREEN, violated } from './cells.fixture.ts';

/** What every cell of the default matrix says with more vCPUs, or more checks on each; properties in alphabetical order. */
export const EXPECTED: readonly (readonly [strategy: string, guest: string, properties: readonly string[]])[] =
  CELLS.map(([strategy, guest]) => {
    if (GREEN.some(([s, g]) => s === strategy && g === guest)) return [strategy, guest, []];
    const lost = guest === 'guest-linux' ? [] : ['entryContract', 'justifiedStop', 'resumeContext'];
    return [strategy, guest, [...lost, ...(strategy === 'hcall-hold' ? ['noDeadlock'] : [])].sort()];
  });

/** Searches a cell with so many vCPUs, and checks on each, to its end. */
export async function searched(strategy: string, guest: string, vcpus: number, perVcpu: number): Promise<CellRun> {
  return runCell(await cellOf(strategy, guest, {}, { vcpus, checks: { perVcpu } }));
}

/** The part of a verdict that is expected: what is violated, and if nothing, that nothing was left out. */
export const saying = (run: CellRun) => ({
  verdict: run.result.verdict,
  complete: run.result.complete,
  violated: violated(run),
  missing: run.result.goals.missing,
});
