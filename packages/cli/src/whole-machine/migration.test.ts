import { expect, it } from 'vitest';
import { runCell } from '../run-cell.ts';
import { checkstop } from '../testing.fixture.ts';
import { told } from './cells.fixture.ts';
import { expectAsSaid } from './guide.fixture.ts';
import { fast, stoppedCell } from './migration.fixture.ts';

// The other cells of the guide are in migration.oracle.test.ts.
it.each(fast)('%s', (_command, cell) => expectAsSaid(cell), 120_000);

it.each([
  ['migration, delayed', 'direct-exit', { migration: { policy: 'delayed' } }],
  ['migration, whatever is in flight', 'hcall-wait', { migration: { policy: 'carried' } }],
  ['a reset', 'hcall-busy', { machineReset: {}, vcpus: 1 }],
] as const)(
  '%s: merging changes no verdict',
  async (_what, strategy, more) => {
    const reduced = await runCell(await stoppedCell(strategy, more));
    const closure = await runCell(await stoppedCell(strategy, more), { mode: 'closure' });
    expect(told(reduced)).toEqual(told(closure));
  },
  120_000,
);

it('what is stopped is printed among the bounds, and the token carries it', async () => {
  const { code, out } = await checkstop([
    ...['explore', 'hcall-busy', 'guest-linux', '--vcpus', '1', '--migrate', 'policy=carried'],
    ...['--machine-reset', 'wakes=signal'],
  ]);
  expect([code, out]).toEqual([
    1,
    expect.stringMatching(/^migration {2}times 1, policy carried, .*carries vmstate; /m),
  ]);
  expect(out).toMatch(/^reset {6}waitsFor everybody, wakes signal, forgets everything; /m);
  const token = /checkstop replay (\S+)/.exec(out)?.[1] as string;
  const replayed = await checkstop(['replay', token]);
  expect([replayed.code, replayed.out]).toEqual([1, expect.stringContaining('noDeadlock')]);
});
