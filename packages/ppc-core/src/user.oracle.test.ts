import { describe, expect, it } from 'vitest';
import { formatCase } from '../oracle/case.ts';
import { comparableRows, differences, randomCases } from '../oracle/compare.ts';
import type { Endian } from '../oracle/harness.ts';
import { QEMU_USER, qemuVersion, runInQemu } from '../oracle/qemu-user.ts';
import { writeQemuVectors } from '../oracle/qemu-vectors.ts';
import { recording, toolMissing } from '../oracle/tool.ts';

/** Cases for each row and byte order; CHECKSTOP_ORACLE_CASES=2000 takes some minutes. */
const CASES = Number(process.env.CHECKSTOP_ORACLE_CASES ?? 100);

const missing = toolMissing(QEMU_USER.big, QEMU_USER.little);

describe.each(['big', 'little'] as const)('problem-state instructions, %s-endian', (endian) => {
  it.skipIf(missing)('do with random operands what QEMU does', { timeout: 1_200_000 }, () => {
    const cases = randomCases(comparableRows(endian), CASES, endian, CASES);
    expect(differences(cases, runInQemu(cases, endian), endian, { logged: false })).toEqual([]);
  });
});

describe.runIf(recording && !missing)('recording', () => {
  it('writes what the repository compares with where QEMU is not installed', () => {
    const record = (endian: Endian, perRow: number) => {
      const rows = comparableRows(endian).filter(
        ({ footprint }) => endian === 'big' || /load|store|reserve/.test(footprint),
      );
      const cases = randomCases(rows, perRow, endian, 1);
      const outcomes = runInQemu(cases, endian);
      return outcomes.map((outcome, index) => formatCase(cases[index] as (typeof cases)[number], outcome));
    };
    writeQemuVectors({ version: qemuVersion('big'), big: record('big', 6), little: record('little', 3) });
  });
});
