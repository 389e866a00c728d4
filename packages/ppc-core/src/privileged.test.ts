import { describe, expect, it } from 'vitest';
import { parseCase } from '../oracle/case.ts';
import { comparableRows, differences } from '../oracle/compare.ts';
import { comparable, stepHere } from '../oracle/privileged.ts';
import { PRIVILEGED_PROGRAMS } from '../oracle/privileged-programs.ts';
import { readSystemVectors } from '../oracle/system-vectors.ts';
import { decode } from './isa/table.ts';

const vectors = readSystemVectors();

describe('privileged programs', () => {
  it.each(PRIVILEGED_PROGRAMS)('do at each step what QEMU did: $name', (program) => {
    const recorded = (vectors.programs[program.name] ?? '').split(';');
    expect(comparable(program, stepHere(program))).toEqual(comparable(program, recorded));
  });
});

describe('32-bit mode', () => {
  const recorded = vectors.narrow.map(parseCase);

  it.each([true, false])('does what QEMU did, logged: %s', (logged) => {
    const cases = recorded.map((each) => each.case);
    const outcomes = recorded.map((each) => each.after);
    expect(differences(cases, outcomes, 'big', { narrow: true, logged })).toEqual([]);
  });

  it('is recorded for all instructions', () => {
    const known = new Set(recorded.flatMap((each) => each.case.words.map((word) => decode(word)?.mnemonic)));
    expect(comparableRows('big').filter(({ mnemonic }) => !known.has(mnemonic))).toEqual([]);
  });
});
