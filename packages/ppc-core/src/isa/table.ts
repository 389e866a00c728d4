import type { Row } from './row.ts';
import { binaryCodedDecimal } from './rows/bcd.ts';
import { branch } from './rows/branch.ts';
import { cache } from './rows/cache.ts';
import { compareTrap } from './rows/compare-trap.ts';
import { conditionRegister } from './rows/cr.ts';
import { fixedArithmetic } from './rows/fixed-arithmetic.ts';
import { loadStore } from './rows/load-store.ts';
import { logical } from './rows/logical.ts';
import { quadword } from './rows/quadword.ts';
import { rotate } from './rows/rotate.ts';
import { specialPurposeRegisters } from './rows/spr.ts';
import { strings } from './rows/string.ts';
import { synchronization } from './rows/sync.ts';
import { system } from './rows/system.ts';

/** The instruction table: every instruction that this processor executes, each variant a row of its own. */
export const ROWS: readonly Row[] = [
  fixedArithmetic,
  logical,
  rotate,
  compareTrap,
  binaryCodedDecimal,
  loadStore,
  strings,
  quadword,
  branch,
  conditionRegister,
  specialPurposeRegisters,
  system,
  synchronization,
  cache,
].flat();

const byMnemonic = new Map(ROWS.map((row) => [row.mnemonic, row]));

const byPrimaryOpcode = Array.from({ length: 64 }, (_, opcode) =>
  ROWS.flatMap((row, index) => (row.value >>> 26 === opcode ? [index] : [])),
);

/** The row of a mnemonic as the ISA writes it, variant suffixes included (`addo.`); extended mnemonics are not rows. */
export function rowOf(mnemonic: string): Row | undefined {
  return byMnemonic.get(mnemonic);
}

/** Index in {@link ROWS} of the instruction that a word encodes; -1 for an illegal word. A pure function of the word. */
export function decodeIndex(word: number): number {
  return byPrimaryOpcode[word >>> 26].find((index) => matches(ROWS[index], word)) ?? -1;
}

/** The row that a word encodes; undefined for an illegal word. */
export function decode(word: number): Row | undefined {
  return ROWS[decodeIndex(word)];
}

function matches({ mask, value }: Row, word: number): boolean {
  return (word & mask) >>> 0 === value;
}
