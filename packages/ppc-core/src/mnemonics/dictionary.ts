import type { Row } from '../isa/row.ts';
import { ROWS, rowOf } from '../isa/table.ts';
import { aliasEntry } from './alias.ts';
import { PRINTED_BRANCHES, WRITTEN_BRANCHES } from './branches.ts';
import { type Entry, rowEntry } from './entry.ts';
import { PRINTED_ALIASES, WRITTEN_ALIASES } from './extended.ts';
import { PRINTED_SPR_MOVES, WRITTEN_SPR_MOVES } from './spr-moves.ts';
import { TRAPS } from './traps.ts';

function rowNamed(mnemonic: string): Row {
  const row = rowOf(mnemonic);
  if (!row) throw new TypeError(`no row ${mnemonic}`);
  return row;
}

const alias = (line: string): Entry => aliasEntry(line, rowNamed);
const printed = [...PRINTED_ALIASES, ...PRINTED_BRANCHES, ...TRAPS, ...PRINTED_SPR_MOVES].map(alias);
const written = [...WRITTEN_ALIASES, ...WRITTEN_BRANCHES, ...WRITTEN_SPR_MOVES].map(alias);

const basic = ROWS.map(rowEntry);
const byMnemonic = grouped([...basic, ...printed, ...written], ({ mnemonic }) => mnemonic);
const byRow = grouped([...printed, ...basic], ({ row }) => row);

function grouped<Key>(entries: readonly Entry[], keyOf: (entry: Entry) => Key): Map<Key, Entry[]> {
  const groups = new Map<Key, Entry[]>();
  for (const entry of entries) {
    const group = groups.get(keyOf(entry));
    if (group) group.push(entry);
    else groups.set(keyOf(entry), [entry]);
  }
  return groups;
}

/** What a mnemonic writes, basic or extended; more than one entry if it takes different numbers of operands. */
export function entriesNamed(mnemonic: string): readonly Entry[] {
  return byMnemonic.get(mnemonic) ?? [];
}

/** The ways to print words of a row, the preferred first and the row's own last. */
export function entriesOf(row: Row): readonly Entry[] {
  return byRow.get(row) ?? [];
}

/** All mnemonics. */
export function mnemonics(): Iterable<string> {
  return byMnemonic.keys();
}
