import { extractField } from '../src/isa/fields.ts';
import { decode } from '../src/isa/table.ts';

const BRANCHES = new Set(['bc', 'bclr', 'bcctr', 'bctar']);
/** The BO that are not reserved (Power ISA 3.0B, Book I, 2.4, figure 40), their hints included. */
const CONDITION = new Set([0, 2, 4, 6, 7, 8, 10, 12, 14, 15]);
const NO_CONDITION = new Set([16, 18, 20, 24, 25, 26, 27]);

/**
 * Whether a word is an instruction in a form that the ISA calls invalid or leaves to the processor. Here it is executed and
 * printed like any other, while GNU as refuses it and objdump takes it for data or prints it in another way.
 */
export function isInvalidForm(word: number): boolean {
  const row = decode(word);
  if (!row) return true;
  const { base } = row;
  const [RA, RB, RT, BO, FXM] = (['RA', 'RB', 'RT', 'BO', 'FXM'] as const).map((name) => extractField(name, word)) as [
    ...[number, number, number, number, number],
  ];
  if (/^(l[bhwd][az]?|st[bhwd])ux?$/.test(base)) return RA === 0 || (base.startsWith('l') && RA === RT);
  if (base === 'lmw') return RA >= RT;
  if (base === 'lswi') return loadsString(RT, extractField('NB', word)).includes(RA);
  if (base === 'lswx') return RA === RT || RB === RT;
  if (/^(lq|stq|lqarx|stqcx\.)$/.test(base) && RT % 2 === 1) return true;
  if (base === 'lq') return RA === RT;
  if (base === 'lqarx') return RA === RT || RB === RT;
  if (base === 'addex') return extractField('CY', word) !== 0;
  if (base === 'mtocrf' || base === 'mfocrf') return FXM === 0 || (FXM & (FXM - 1)) !== 0;
  if (base === 'sync') return extractField('L2', word) === 3;
  if (base === 'dcbf') return extractField('L2', word) === 2;
  if (base === 'bcctr' && (BO & 4) === 0) return true;
  if (BRANCHES.has(base)) return !CONDITION.has(BO) && !(NO_CONDITION.has(BO) && extractField('BI', word) === 0);
  return false;
}

/** The registers that so many bytes go to, from the first on (Power ISA 3.0B, Book I, 3.3.7). */
export function loadsString(first: number, bytes: number): number[] {
  return Array.from({ length: Math.ceil(bytes / 4) }, (_, index) => (first + index) % 32);
}
