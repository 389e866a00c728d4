/** Extended mnemonics of the conditional branches (Power ISA 3.0B, Book I, C.2), made from their parts. */

/** Condition, the BO that tests it without a hint, and the bit of the CR field. */
const CONDITIONS = [
  ...[['lt', 12, 0] as const, ['gt', 12, 1] as const, ['eq', 12, 2] as const, ['so', 12, 3] as const],
  ...[['ge', 4, 0] as const, ['le', 4, 1] as const, ['ne', 4, 2] as const, ['ns', 4, 3] as const],
];
/** Other names for the same. */
const SYNONYMS = [['un', 12, 3] as const, ['nl', 4, 0] as const, ['ng', 4, 1] as const, ['nu', 4, 3] as const];

/** Suffix, and the instruction behind it with its target operand. */
const TARGETS = [
  ...[['', 'bc', ',BD'] as const, ['l', 'bcl', ',BD'] as const, ['a', 'bca', ',BD'] as const],
  ...[['la', 'bcla', ',BD'] as const, ['lr', 'bclr', ',0'] as const, ['lrl', 'bclrl', ',0'] as const],
];
const COUNTER_TARGETS = [['ctr', 'bcctr', ',0'] as const, ['ctrl', 'bcctrl', ',0'] as const];

/** Hints are the low bits `at` of BO for a condition (Book I, 2.4, figure 40), and `a`...`t` around the middle for CTR. */
const CONDITION_HINTS = [['', 0] as const, ['-', 2] as const, ['+', 3] as const];
const COUNTER_HINTS = [['', 0] as const, ['-', 8] as const, ['+', 9] as const];

function onCondition(conditions: readonly (readonly [string, number, number])[]): string[] {
  return conditions.flatMap(([condition, bo, bit]) =>
    [...TARGETS, ...COUNTER_TARGETS].flatMap(([suffix, base, target]) =>
      CONDITION_HINTS.map(([hint, at]) => {
        const operands = target === ',BD' ? '[BF],BD' : '[BF]';
        return `b${condition}${suffix}${hint} ${operands} = ${base} ${bo + at},4*BF+${bit}${target}`;
      }),
    ),
  );
}

function onCounter(): string[] {
  return [['bdnz', 16] as const, ['bdz', 18] as const].flatMap(([name, bo]) =>
    TARGETS.flatMap(([suffix, base, target]) =>
      COUNTER_HINTS.map(([hint, at]) => {
        const operands = target === ',BD' ? 'BD' : '';
        return `${name}${suffix}${hint} ${operands} = ${base} ${bo + at},0${target}`;
      }),
    ),
  );
}

function onCounterAndCondition(): string[] {
  const names = [['bdnzf', 0] as const, ['bdzf', 2] as const, ['bdnzt', 8] as const, ['bdzt', 10] as const];
  return names.flatMap(([name, bo]) =>
    TARGETS.map(([suffix, base, target]) => {
      const operands = target === ',BD' ? 'BI,BD' : 'BI';
      return `${name}${suffix} ${operands} = ${base} ${bo},BI${target}`;
    }),
  );
}

function onBit(): string[] {
  return [['bt', 12] as const, ['bf', 4] as const].flatMap(([name, bo]) =>
    [...TARGETS, ...COUNTER_TARGETS].flatMap(([suffix, base, target]) =>
      CONDITION_HINTS.map(([hint, at]) => {
        const operands = target === ',BD' ? 'BI,BD' : 'BI';
        return `${name}${suffix}${hint} ${operands} = ${base} ${bo + at},BI${target}`;
      }),
    ),
  );
}

const ALWAYS = ['blr = bclr 20,0,0', 'blrl = bclrl 20,0,0', 'bctr = bcctr 20,0,0', 'bctrl = bcctrl 20,0,0'];

export const PRINTED_BRANCHES: readonly string[] = [
  ...ALWAYS,
  ...onCondition(CONDITIONS),
  ...onCounter(),
  ...onCounterAndCondition(),
];
export const WRITTEN_BRANCHES: readonly string[] = [...onCondition(SYNONYMS), ...onBit()];
