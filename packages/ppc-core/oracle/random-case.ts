import type { Sfc32 } from '@checkstop/kernel';
import { extractField, FIELDS, type FieldName, fieldRange, insertField } from '../src/isa/fields.ts';
import type { Row } from '../src/isa/row.ts';
import { rowOf } from '../src/isa/table.ts';
import { type Case, DATA, initialRegisters, startOf, TARGET } from './case.ts';
import { DATA_BYTES } from './harness.ts';
import { isInvalidForm, loadsString } from './invalid-forms.ts';

/** SPR numbers of problem state that the harness saves. */
const OBSERVED_SPRS = [1, 8, 9];
const TAR = 815;
/** Set first for the instructions that use TAR, which the harness does not set. */
const TAR_SOURCE = 12;
/** QEMU keeps all reserved bits of XER, we do not. */
const XER_BITS = 0xe00f_ffffn;
/** r1 is the harness's. */
const GPRS = [0, 3, 4, 5, 6, 12, 31];

const pick = <T>(random: Sfc32, list: readonly T[]): T => list[random.below(list.length)] as T;

/**
 * Rows that can be run in problem state without leaving the program, and whose results the harness sees: not bca, which
 * does not reach it, and not icbt, which QEMU has for embedded processors only.
 */
export function isUserRow(row: Row): boolean {
  if (row.privileged || /^(sc|attn|mftb|bcl?a|icbt)$/.test(row.mnemonic)) return false;
  return row.footprint !== 'reserve' || row.mnemonic.startsWith('l');
}

/** A random case for a row: operands and registers mixed of edges and noise. Loads with reservation end in a store. */
export function randomCase(row: Row, random: Sfc32): Case {
  for (;;) {
    const word = randomWord(row, random);
    if (isInvalidForm(word)) continue;
    const usesTar = row.base === 'bctar' || (row.base === 'mfspr' && extractField('SPR', word) === TAR);
    const words = [
      ...(usesTar ? [moveToTar()] : []),
      word,
      // QEMU 7.2 lets every stqcx. fail as long as there is one thread.
      ...(row.footprint === 'reserve' && row.base !== 'lqarx' ? [conditionalStore(row, word)] : []),
    ];
    const before = randomRegisters(random, gprsOf(row, word));
    const gpr = [...before.gpr];
    if (loadsItsAddress(row, word, before.xer)) continue;
    if (touchesMemory(row) && !aimAtData(row, word, gpr, random)) continue;
    if (row.base === 'mtspr') gpr[extractField('RS', word)] = (gpr[extractField('RS', word)] ?? 0n) & XER_BITS;
    if (row.base === 'cbcdtd') gpr[extractField('RS', word)] = randomDigits(random);
    const toTarget = BigInt(TARGET + random.below(4));
    if (row.base === 'bctar') gpr[TAR_SOURCE] = toTarget;
    return {
      words,
      before: {
        ...{ ...before, gpr },
        ...(row.base === 'bclr' && { lr: toTarget }),
        ...(row.base === 'bcctr' && { ctr: toTarget }),
      },
    };
  }
}

function touchesMemory(row: Row): boolean {
  return !['registers', 'branch', 'system'].includes(row.footprint) || /^(dcb|icb)/.test(row.mnemonic);
}

function randomWord(row: Row, random: Sfc32): number {
  return row.operands
    .flatMap(({ field, base }) => (base === undefined ? [field] : [field, base]))
    .reduce((word, field) => insertField(field, word, randomField(row, field, random)), row.value);
}

function randomField(row: Row, field: FieldName, random: Sfc32): number {
  const { kind } = FIELDS[field];
  const { min, max, step } = fieldRange(field);
  if (kind === 'gpr' || kind === 'gprOrZero') return pick(random, GPRS);
  if (kind === 'spr') return pick(random, row.base === 'mfspr' ? [...OBSERVED_SPRS, TAR] : OBSERVED_SPRS);
  if (kind === 'relative') return row.variant.AA ? TARGET : TARGET - startOf(1);
  if (field === 'EH') return 0;
  if (row.base === 'dcbf') return random.below(2); // QEMU does not know dcbflp
  const any = min + step * random.below((max - min) / step + 1);
  return pick(random, [any, any, any, min, max, 0]);
}

/** The store-conditional of the same size and address. */
function conditionalStore(row: Row, word: number): number {
  const store = rowOf(`st${row.mnemonic[1]}cx.`) as Row;
  const kept = word & (insertField('RA', 0, 31) | insertField('RB', 0, 31));
  return (store.value | kept | insertField('RS', 0, 12)) >>> 0;
}

function moveToTar(): number {
  const { value } = rowOf('mtspr') as Row;
  return insertField('SPR', insertField('RS', value, TAR_SOURCE), TAR);
}

/** Whether a string or quadword reaches the harness's r1 or, an invalid form, the registers that its address comes from. */
function loadsItsAddress(row: Row, word: number, xer: bigint): boolean {
  const [RT, RA, RB] = (['RT', 'RA', 'RB'] as const).map((field) => extractField(field, word)) as [
    number,
    number,
    number,
  ];
  if (row.base === 'lswi') return loadsString(RT, extractField('NB', word)).includes(1);
  if (/^lq/.test(row.base)) return RT === 0;
  const loaded = row.base === 'lswx' ? loadsString(RT, Number(xer & 0x7fn)) : [];
  return loaded.some((number) => [1, RA, RB].includes(number));
}

/** Six decimal digits in each word: what goes into two declets. */
function randomDigits(random: Sfc32): bigint {
  const digits = Array.from({ length: 16 }, (_, index) => (index % 8 < 2 ? 0 : random.below(10)));
  return BigInt(`0x${digits.join('')}`);
}

const EDGES = [
  ...[0n, 1n, -1n, 2n, 0x7fff_ffffn, 0x8000_0000n, 0xffff_ffffn, 0x1_0000_0000n, -0x8000_0000n],
  ...[0x7fff_ffff_ffff_ffffn, -0x8000_0000_0000_0000n, 31n, 32n, 63n, 64n, 127n, 0xffn, 0x8000n],
];

function randomValue(random: Sfc32): bigint {
  const noise = (BigInt(random.next()) << 32n) | BigInt(random.next());
  const value = pick(random, [
    () => noise,
    () => noise >> BigInt(random.below(64)),
    () => ~(noise >> BigInt(random.below(64))),
    () => pick(random, EDGES),
    () => pick(random, EDGES),
    () => noise & 0x7fn,
  ])();
  return BigInt.asUintN(64, value);
}

/** The registers that the operands name. */
function gprsOf(row: Row, word: number): number[] {
  const fields = row.operands.flatMap(({ field, base }) => (base === undefined ? [field] : [field, base]));
  return fields.filter((field) => FIELDS[field].kind.startsWith('gpr')).map((field) => extractField(field, word));
}

function randomRegisters(random: Sfc32, named: readonly number[]): Case['before'] {
  const registers = initialRegisters();
  return {
    gpr: registers.gpr.map((value, n) => (named.includes(n) ? randomValue(random) : value)),
    cr: BigInt(random.next()),
    xer: BigInt(random.next()) & XER_BITS,
    lr: randomValue(random),
    ctr: pick(random, [0n, 1n, 2n, randomValue(random)]),
  };
}

/** Gives the address registers values that lead into the data; false if these operands cannot. */
function aimAtData(row: Row, word: number, gpr: bigint[], random: Sfc32): boolean {
  const isQuadword = /^(lq|stq)/.test(row.mnemonic);
  const wide = /^(l|st)(mw|sw[ix])$/.test(row.mnemonic) ? 128 : 16;
  const unit = isQuadword ? 16 : row.footprint === 'reserve' ? 8 : 1;
  const ea = BigInt(DATA + random.below((DATA_BYTES - wide) / unit) * unit);
  const ra = extractField('RA', word);
  const displacement = row.operands.find(({ base }) => base !== undefined)?.field;
  if (displacement !== undefined) {
    if (ra === 0) return false;
    gpr[ra] = BigInt.asUintN(64, ea - BigInt(extractField(displacement, word)));
    return true;
  }
  if (/^(l|st)swi$/.test(row.mnemonic)) {
    if (ra === 0) return false;
    gpr[ra] = ea;
    return true;
  }
  const rb = extractField('RB', word);
  if (ra === rb && ra !== 0) {
    if (ea % 2n !== 0n) return false;
    gpr[ra] = ea / 2n;
  } else if (ra === 0 && row.operands.some(({ field }) => field === 'RA0')) {
    gpr[rb] = ea;
  } else {
    gpr[ra] = BigInt.asUintN(64, ea - (gpr[rb] ?? 0n));
  }
  return true;
}
