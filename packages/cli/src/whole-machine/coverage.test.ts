import { explore } from '@checkstop/explorer';
import type { Property } from '@checkstop/kernel';
import { expect, it } from 'vitest';
import { prepareCell } from '../cell.ts';
import { coverageText, neverStruck, outcomesByPlace } from '../coverage.ts';
import { runCell } from '../run-cell.ts';
import { CELLS, cellOf, search } from './cells.fixture.ts';

it.each(CELLS)('%s x %s: no instruction of work is never struck', async (...names) => {
  const run = await search(...names);
  expect(neverStruck(run.machine, outcomesByPlace(run.result)).work).toEqual([]);
  const { work } = run.machine.use('guest');
  // All of its work, in the last of which it has ceded, and the fourteen of the exception in it.
  expect(coverageText(run)).toMatch(
    new RegExp(
      `^checks struck at ${(work.end - work.start) / 4 + 14} places; .* ended with the machine at 11 \\(a panic at 11\\)\ninstructions of work that were never struck: none\nelsewhere passed, and never struck: `,
    ),
  );
});

it.each(['guest-linux', 'guest-other-os'])('%s: elsewhere a vCPU has no check left', async (guest) => {
  const { result, machine } = await runCell(await cellOf('direct-exit', guest, {}, { vcpus: 1 }));
  const { elsewhere } = neverStruck(machine, outcomesByPlace(result));
  expect(elsewhere.length).toBeGreaterThan(20);
  const check = machine.actions.indexOf('check');
  const [vcpu] = machine.use('processor').vcpus;
  const couldStrike = (places: readonly number[]): Property => ({
    kind: 'invariant',
    name: 'spent',
    check: () => (places.includes(vcpu.nip) && machine.available(0, check) ? `${vcpu.nip} could be struck` : undefined),
  });
  const judge = (places: readonly number[]) =>
    explore(machine, { properties: [couldStrike(places)], limits: { states: 20_000 } }).run();
  expect(judge(elsewhere.map(Number))).toMatchObject({ complete: true, violations: [] });
  // The same of an instruction that was struck.
  expect(judge([machine.use('guest').work.start]).violations).toMatchObject([{ property: 'spent' }]);
});

it('a guest that branches outside RAM passes there, and that is told, too', async () => {
  const cell = await prepareCell({
    ...(await cellOf('direct-exit', 'guest-linux', {}, { vcpus: 1 })).spec,
    hypervisor: { name: 'qemu', options: { poison: true } },
  });
  expect(coverageText(await runCell(cell))).toMatch(/never struck: .*, 0xa5a5a5a5a5a5a5a4 \(outside RAM\)\n/);
});
