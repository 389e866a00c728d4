import type { Mode, Result } from '@checkstop/explorer';
import type { Machine } from '@checkstop/kernel';

const ASKED: Readonly<Record<Mode, readonly string[]>> = {
  unreduced: [],
  closure: ['closure'],
  merged: ['closure', 'merging'],
  reduced: ['closure', 'merging', 'symmetry'],
};

/** How states are told apart; a compiler error here when there is more than one way, since it is said before a search begins. */
const VISITED: Readonly<Record<Result['visited'], string>> = { exact: 'exactly' };

/** The reductions that a mode asks for; a single agent has none to be exchanged with. */
const asked = (mode: Mode, { arena }: Machine): readonly string[] =>
  ASKED[mode].filter((name) => name !== 'symmetry' || arena.layout.agents > 1);

/** How a machine is about to be searched, in words. */
export const searchText = (mode: Mode, machine: Machine): string =>
  `states visited ${VISITED.exact}; reductions ${asked(mode, machine).join(', ') || 'none'}`;

/** Reductions that were asked for and are not on in the end: they were not to be had, or did not pay, in this cell. */
export const givenUp = (mode: Mode, machine: Machine, { reductions }: Pick<Result, 'reductions'>): readonly string[] =>
  asked(mode, machine).filter((name) => !reductions.includes(name));
