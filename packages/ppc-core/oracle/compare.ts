import { Sfc32 } from '@checkstop/kernel';
import type { Row } from '../src/isa/row.ts';
import { ROWS } from '../src/isa/table.ts';
import { type Case, formatCase, type Outcome } from './case.ts';
import type { Endian } from './harness.ts';
import { ourRunner, type RunnerOptions } from './ours.ts';
import { isUserRow, randomCase } from './random-case.ts';
import { defined } from './undefined.ts';

/** Rows that can be compared in this byte order: multiple words and strings raise the alignment interrupt in little-endian mode. */
export function comparableRows(endian: Endian): Row[] {
  return ROWS.filter((row) => isUserRow(row) && (endian === 'big' || !/^(l|st)(mw|sw[ix])$/.test(row.mnemonic)));
}

/** So many random cases of each row that raise nothing here. */
export function randomCases(
  rows: readonly Row[],
  perRow: number,
  endian: Endian,
  seed: number,
  options: RunnerOptions = {},
): Case[] {
  const random = new Sfc32(seed);
  const run = ourRunner(endian, options);
  return rows.flatMap((row) => {
    const cases: Case[] = [];
    for (let tries = 0; cases.length < perRow && tries < 10 * perRow; tries++) {
      const each = randomCase(row, random);
      if (run(each)) cases.push(each);
    }
    return cases;
  });
}

/** Runs the cases and returns where the outcomes differ in what is defined. */
export function differences(
  cases: readonly Case[],
  theirs: readonly Outcome[],
  endian: Endian,
  options: RunnerOptions,
): string[] {
  const run = ourRunner(endian, options);
  return cases.flatMap((each, index) => {
    const [ours, other] = [run(each), theirs[index]];
    if (!other) throw new RangeError('a case without an outcome');
    const [our, their] = [ours, other].map((outcome) => outcome && formatCase(each, defined(each, outcome)));
    return our === their ? [] : [`here   ${our ?? 'an interrupt, an exit or another target'}\nthere  ${their}`];
  });
}
