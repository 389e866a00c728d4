import { extractField } from '../src/isa/fields.ts';
import { decode } from '../src/isa/table.ts';
import type { Case, Outcome } from './case.ts';

/** LT, GT and EQ of CR0. */
const CR0_ORDER = 0xe000_0000n;
const LOW = 0xffff_ffffn;
const OVERFLOWS = 0x4008_0000n | 0x8000_0000n;

/**
 * An outcome with what the ISA leaves undefined set to zero: the high half of RT after mulhw and the word divides, RT after
 * a divide without a quotient, and then CR0 (Book I, 3.3.9).
 *
 * And where QEMU 7.2 is wrong, what it gets wrong: its divde takes a quotient of 64 bits for one that fits its sign.
 */
export function defined({ words, before }: Case, outcome: Outcome): Outcome {
  const word = words.at(-1) ?? 0;
  const row = decode(word);
  if (!row || !/^(mulhwu?|div[dw]e?u?|mod[su][dw])$/.test(row.base)) return outcome;
  const rt = extractField('RT', word);
  const [x, y] = [before.gpr[extractField('RA', word)] ?? 0n, before.gpr[extractField('RB', word)] ?? 0n];
  const quotient = hasQuotient(row.base, x, y);
  const isWord = /w/.test(row.base) && !row.base.startsWith('mod');
  if (quotient && !isWord) return outcome;
  const wrongInQemu = row.base === 'divde' && !quotient && y !== 0n;
  return {
    ...outcome,
    gpr: outcome.gpr.map((value, n) => (n !== rt ? value : quotient ? value & LOW : 0n)),
    cr: row.variant.Rc ? outcome.cr & ~CR0_ORDER & (wrongInQemu ? ~0x1000_0000n : ~0n) : outcome.cr,
    xer: wrongInQemu && row.variant.OE ? outcome.xer & ~OVERFLOWS : outcome.xer,
  };
}

/** Whether the quotient exists and fits: the definition, with numbers of any length. */
function hasQuotient(base: string, x: bigint, y: bigint): boolean {
  if (base.startsWith('mul')) return true;
  const width = base.includes('w') ? 32 : 64;
  const isUnsigned = base.endsWith('u') || base.startsWith('modu');
  const read = isUnsigned ? BigInt.asUintN : BigInt.asIntN;
  const divisor = read(width, y);
  if (divisor === 0n) return false;
  const dividend = base.startsWith(`div${base[3]}e`) ? read(width, x) << BigInt(width) : read(width, x);
  const quotient = dividend / divisor;
  return read(width, quotient) === quotient;
}
