/** Extended mnemonics of the conditional branches (Power ISA 3.0B, Book I, C.2), made from their parts. */

/** A condition, the BO that tests it without a hint, and its bit in the CR field. */
type Condition = readonly [name: string, bo: number, bit: number];

const CONDITIONS: readonly Condition[] = [
  ['lt', 12, 0],
  ['gt', 12, 1],
  ['eq', 12, 2],
  ['so', 12, 3],
  ['ge', 4, 0],
  ['le', 4, 1],
  ['ne', 4, 2],
  ['ns', 4, 3],
];

/** Other names for the same. */
const SYNONYMS: readonly Condition[] = [
  ['un', 12, 3],
  ['nl', 4, 0],
  ['ng', 4, 1],
  ['nu', 4, 3],
];

/** Where to: a suffix, the instruction behind it, and its last operand. */
type Target = readonly [suffix: string, base: string, operand: string];

const TARGETS: readonly Target[] = [
  ['', 'bc', 'BD'],
  ['l', 'bcl', 'BD'],
  ['a', 'bca', 'BD'],
  ['la', 'bcla', 'BD'],
  ['lr', 'bclr', '[BH]'],
  ['lrl', 'bclrl', '[BH]'],
  ['tar', 'bctar', '[BH]'],
  ['tarl', 'bctarl', '[BH]'],
];

/** A branch to CTR cannot decrement it. */
const ALL_TARGETS: readonly Target[] = [...TARGETS, ['ctr', 'bcctr', '[BH]'], ['ctrl', 'bcctrl', '[BH]']];

/** A sign, and what it adds to BO (Book I, 2.4, figure 40, `a` and `t`). */
type Hint = readonly [sign: string, bits: number];

const NO_HINT: readonly Hint[] = [['', 0]];
const CONDITION_HINTS: readonly Hint[] = [...NO_HINT, ['-', 0b00010], ['+', 0b00011]];
const COUNTER_HINTS: readonly Hint[] = [...NO_HINT, ['-', 0b01000], ['+', 0b01001]];

/** Lines for a name with each target and hint; `operands` and `bi` say how the bit to test is written. */
function family(
  name: string,
  bo: number,
  [operands, bi]: readonly [string, string],
  targets: readonly Target[],
  hints: readonly Hint[],
): string[] {
  return targets.flatMap(([suffix, base, last]) =>
    hints.map(([sign, bits]) => {
      const right = `${base} ${bo + bits},${bi},${last.replace(/[[\]]/g, '')}`;
      return `${name}${suffix}${sign} ${operands}${last} = ${right}`;
    }),
  );
}

const onCondition = ([name, bo, bit]: Condition): string[] =>
  family(`b${name}`, bo, ['[BF],', `4*BF+${bit}`], ALL_TARGETS, CONDITION_HINTS);
const onBit = (name: string, bo: number): string[] => family(name, bo, ['BI,', 'BI'], ALL_TARGETS, CONDITION_HINTS);
const onCounter = (name: string, bo: number): string[] => family(name, bo, ['', '0'], TARGETS, COUNTER_HINTS);
const onBoth = (name: string, bo: number): string[] => family(name, bo, ['BI,', 'BI'], TARGETS, NO_HINT);

export const PRINTED_BRANCHES: readonly string[] = [
  ...family('b', 20, ['', '0'], ALL_TARGETS.slice(4), NO_HINT), // blr, btar, bctr
  ...CONDITIONS.flatMap(onCondition),
  ...onCounter('bdnz', 16),
  ...onCounter('bdz', 18),
  ...onBoth('bdnzf', 0),
  ...onBoth('bdzf', 2),
  ...onBoth('bdnzt', 8),
  ...onBoth('bdzt', 10),
];
export const WRITTEN_BRANCHES: readonly string[] = [
  ...SYNONYMS.flatMap(onCondition),
  ...onBit('bt', 12),
  ...onBit('bf', 4),
];
