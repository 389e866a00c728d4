import { it } from 'vitest';
import { runCell } from '../run-cell.ts';
import { cellOf } from './cells.fixture.ts';
it('x', async () => {
  for (const [s, g, n] of [['direct-exit', 'guest-linux:handlerStops=true', 2], ['direct-exit', 'guest-linux:handlerStops=true', 3]] as const) {
    try {
      const { result } = await runCell(await cellOf(s, g, {}, { vcpus: n }));
      console.log(s, g, n, result.verdict, result.states, result.reductions.join());
    } catch (e) { console.log((e as Error).stack); }
  }
}, 300000);
