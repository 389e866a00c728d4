import type { Mode } from '@checkstop/explorer';
import { expect, it } from 'vitest';
import { type CellSpec, prepareCell } from '../cell.ts';
import { runCell } from '../run-cell.ts';
import { CELLS, cellOf, search, told } from './cells.fixture.ts';

it.each(CELLS)(
  '%s x %s: folding local steps changes neither verdict nor counterexamples',
  async (strategy, guest) => {
    const [reduced, unreduced] = [await search(strategy, guest), await search(strategy, guest, { mode: 'unreduced' })];
    expect(told(unreduced)).toEqual(told(reduced));
    expect(reduced.result.states).toBeLessThan(unreduced.result.states / 5);
  },
  180_000,
);

/** Default cells with something else about them: each with one vCPU and with two. */
const OTHERWISE: readonly (readonly [what: string, more: (guest: string) => Partial<CellSpec>])[] = [
  [
    'in the other byte order',
    (guest) => ({ guest: { name: guest, options: { endian: guest === 'guest-linux' ? 'big' : 'little' } } }),
  ],
  ['with SPRG2 shared', () => ({ profile: { sprg2: 'shared' } })],
  ['with a lock in order', () => ({ hypervisor: { name: 'qemu', options: { bql: 'fifo' } } })],
];

it.each(OTHERWISE.flatMap(([what, more]) => [1, 2].map((vcpus) => [what, vcpus, more] as const)))(
  '%s, %i vCPUs: all modes say the same of every default cell',
  async (_, vcpus, more) => {
    for (const [strategy, guest] of CELLS) {
      const { spec } = await cellOf(strategy, guest, {}, { vcpus });
      const cell = await prepareCell({ ...spec, ...more(guest) });
      const reduced = told(await runCell(cell));
      for (const mode of ['merged', 'closure', 'unreduced'] as const)
        expect([strategy, guest, mode, told(await runCell(cell, { mode }))]).toEqual([strategy, guest, mode, reduced]);
    }
  },
  900_000,
);

const SYNC = { checks: { perVcpu: 1, arrival: 'sync' } };

/** Cells of the places where a check may strike (docs/places.md), with the search without reductions that takes seconds. */
const PLACES: readonly (readonly [strategy: string, guest: string, mode: Mode, more: Partial<CellSpec>])[] = [
  ['direct-exit', 'guest-linux:repairs=true', 'unreduced', SYNC],
  ['direct-exit', 'guest-linux', 'unreduced', SYNC],
  ['hcall-busy', 'guest-linux:repairs=true', 'unreduced', SYNC],
  ['direct-exit', 'guest-linux:task=64-bit', 'closure', {}],
  ['direct-exit', 'guest-linux:task=32-bit', 'closure', { profile: { entrySf: 'kept' } }],
  ['direct-exit', 'guest-linux:task=swapped', 'closure', { profile: { entryLe: 'kept' } }],
  ['direct-exit', 'guest-linux:atomic=true', 'unreduced', {}],
  ['direct-exit', 'guest-linux:atomic=true,losesReservation=false', 'unreduced', {}],
  ['direct-exit', 'guest-linux:rtasEntry=ri-on', 'closure', {}],
  ['direct-exit', 'guest-linux:rtasEntry=ri-off,testRi=false', 'closure', {}],
  ['direct-exit', 'guest-linux:rtasEntry=ri-on,rtasLock=true', 'closure', {}],
  ['direct-exit', 'guest-linux:hotplug=restart', 'unreduced', {}],
  ['direct-exit', 'guest-linux:setsIle=after', 'unreduced', {}],
  ['hcall-busy', 'guest-linux:setsIle=after', 'unreduced', {}],
];

it.each(PLACES)(
  '%s x %s: %s finds what the reductions find',
  async (strategy, guest, mode, more) => {
    const { spec } = await cellOf(strategy, guest);
    const cell = await prepareCell({ ...spec, ...more });
    const [reduced, other] = [await runCell(cell), await runCell(cell, { mode })];
    expect(told(other)).toEqual(told(reduced));
    expect(reduced.result.states).toBeLessThan(other.result.states / 3);
  },
  300_000,
);
