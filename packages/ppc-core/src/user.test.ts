import { describe, expect, it } from 'vitest';
import { parseCase } from '../oracle/case.ts';
import { comparableRows, differences } from '../oracle/compare.ts';
import { readQemuVectors } from '../oracle/qemu-vectors.ts';
import { decode } from './isa/table.ts';

const vectors = readQemuVectors();

describe.each(['big', 'little'] as const)('problem-state instructions, %s-endian', (endian) => {
  const recorded = vectors[endian].map(parseCase);

  it.each([true, false])('do what QEMU did, logged: %s', (logged) => {
    const cases = recorded.map((each) => each.case);
    const outcomes = recorded.map((each) => each.after);
    expect(differences(cases, outcomes, endian, { logged })).toEqual([]);
  });

  it('are all recorded', () => {
    const known = new Set(recorded.flatMap((each) => each.case.words.map((word) => decode(word)?.mnemonic)));
    const rows = comparableRows(endian).filter(
      ({ footprint }) => endian === 'big' || /load|store|reserve/.test(footprint),
    );
    expect(rows.map(({ mnemonic }) => mnemonic).filter((mnemonic) => !known.has(mnemonic))).toEqual([]);
  });
});
