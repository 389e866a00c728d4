/** Extended mnemonics of the traps (Power ISA 3.0B, Book I, C.5), made from their parts. */

/** Condition and its TO; the first of each TO is the one that is printed. */
const CONDITIONS = [
  ...[['lgt', 1] as const, ['llt', 2] as const, ['eq', 4] as const, ['lge', 5] as const, ['lle', 6] as const],
  ...[['gt', 8] as const, ['ge', 12] as const, ['lt', 16] as const, ['le', 20] as const, ['ne', 24] as const],
  ...[['u', 31] as const, ['lnl', 5] as const, ['lng', 6] as const, ['nl', 12] as const, ['ng', 20] as const],
];

/** The printed ones come first. */
export const TRAPS: readonly string[] = [
  'trap = tw 31,0,0',
  ...CONDITIONS.flatMap(([condition, to]) => [
    `tw${condition} RA,RB = tw ${to},RA,RB`,
    `tw${condition}i RA,SI = twi ${to},RA,SI`,
    `td${condition} RA,RB = td ${to},RA,RB`,
    `td${condition}i RA,SI = tdi ${to},RA,SI`,
  ]),
];
