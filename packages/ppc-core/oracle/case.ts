import { DATA_BYTES, OFFSET, PLACE, SLOTS } from './harness.ts';

/** What instructions read and write in problem state. */
export interface Registers {
  readonly gpr: readonly bigint[];
  readonly cr: bigint;
  readonly xer: bigint;
  readonly lr: bigint;
  readonly ctr: bigint;
}

/** A few instructions and what they find. They end at the harness's last slot. */
export interface Case {
  readonly words: readonly number[];
  readonly before: Registers;
}

/** What became of the registers and the data. */
export interface Outcome extends Registers {
  /** Whether the instruction after the last one was executed; else it was branched past. */
  readonly fellThrough: boolean;
  readonly data: Uint8Array;
}

/** Address of the data that loads and stores may touch. */
export const DATA = PLACE.buffer + OFFSET.data;

/** Address of the first word of a case with so many. */
export const startOf = (words: number): number => PLACE.slots + 4 * (SLOTS - words);

/** Where a branch in the last slot goes to. */
export const TARGET = PLACE.slots + 4 * SLOTS + 4;

/** The data that every case starts with. */
export const initialData = (): Uint8Array => Uint8Array.from({ length: DATA_BYTES }, (_, i) => (i * 37 + 11) & 0xff);

/** Registers that a case says nothing of: each its number in every byte, r1 the harness's. */
export const initialRegisters = (): Registers => ({
  gpr: [...Array(32).keys()].map((n) => (n === 1 ? BigInt(PLACE.buffer) : BigInt(n) * 0x0101_0101_0101_0101n)),
  ...{ cr: 0n, xer: 0n, lr: 0n, ctr: 0n },
});

const SPECIAL = ['cr', 'xer', 'lr', 'ctr'] as const;

/** The case and its outcome on one line: words, registers set, `>`, what changed. */
export function formatCase({ words, before }: Case, after: Outcome): string {
  const data = initialData();
  const changedData = [...data.keys()].filter((i) => after.data[i] !== data[i]);
  return [
    words.map((word) => word.toString(16).padStart(8, '0')).join(','),
    ...changes(initialRegisters(), before),
    '>',
    ...changes(before, after),
    ...(after.fellThrough ? [] : ['taken']),
    ...changedData.map((i) => `d${i}=${after.data[i]?.toString(16)}`),
  ].join(' ');
}

/** Reads {@link formatCase}'s line back. */
export function parseCase(line: string): { case: Case; after: Outcome } {
  const [words = '', ...rest] = line.split(' ');
  const middle = rest.indexOf('>');
  const before = changed(initialRegisters(), rest.slice(0, middle));
  const results = rest.slice(middle + 1);
  const data = initialData();
  for (const change of results.filter((text) => text.startsWith('d'))) {
    const [at = '', value = ''] = change.slice(1).split('=');
    data[Number(at)] = Number.parseInt(value, 16);
  }
  return {
    case: { words: words.split(',').map((word) => Number.parseInt(word, 16)), before },
    after: { ...changed(before, results), fellThrough: !results.includes('taken'), data },
  };
}

function changes(from: Registers, to: Registers): string[] {
  return [
    ...from.gpr.flatMap((value, n) => (value === to.gpr[n] ? [] : [`r${n}=${to.gpr[n]?.toString(16)}`])),
    ...SPECIAL.flatMap((name) => (from[name] === to[name] ? [] : [`${name}=${to[name].toString(16)}`])),
  ];
}

function changed(from: Registers, texts: readonly string[]): Registers {
  const registers = { ...from, gpr: [...from.gpr] };
  for (const text of texts) {
    const [name = '', value] = text.split('=');
    if (value === undefined) continue;
    const special = SPECIAL.find((each) => each === name);
    if (special) registers[special] = BigInt(`0x${value}`);
    else if (name.startsWith('r')) registers.gpr[Number(name.slice(1))] = BigInt(`0x${value}`);
  }
  return registers;
}
