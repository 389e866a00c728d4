import { extractField } from '../src/isa/fields.ts';
import { decode } from '../src/isa/table.ts';
import { type Case, DATA, initialData, type Outcome, startOf, TARGET } from './case.ts';
import { comparableRows, randomCases } from './compare.ts';
import { DATA_BYTES, PLACE, SLOTS } from './harness.ts';
import type { QemuSystem } from './qemu-system.ts';

/** ME; and SF=0. */
const MSR = 0x1000n;

/** Random cases for {@link runNarrow}, without those that a single step through the stub distorts. */
export function narrowCases(perRow: number, seed: number): Case[] {
  const cases = randomCases(comparableRows('big'), perRow, 'big', seed, { narrow: true });
  return cases.filter(({ words: [word], before }) => !isPriorityHint(word) && !(isMfxer(word) && before.xer >= SO));
}

/** `or rx,rx,rx` lets QEMU's thread pause in the middle of the step. */
function isPriorityHint(word: number): boolean {
  const [rs, ra, rb] = (['RS', 'RA', 'RB'] as const).map((field) => extractField(field, word));
  return decode(word)?.base === 'or' && rs === ra && rs === rb;
}

/** The stub sign-extends XER when it is set, and mfxer shows it. */
function isMfxer(word: number): boolean {
  return decode(word)?.base === 'mfspr' && extractField('SPR', word) === 1;
}

const SO = 0x8000_0000n;

/** Runs a case in 32-bit mode under QEMU, big-endian. It is privileged there, which these instructions do not see. */
export async function runNarrow(system: QemuSystem, { words, before }: Case): Promise<Outcome> {
  const start = startOf(words.length);
  const code = new DataView(new ArrayBuffer(4 * words.length));
  for (const [index, word] of words.entries()) code.setUint32(4 * index, word);
  await system.write(start, new Uint8Array(code.buffer));
  await system.write(DATA, initialData());
  const { gpr, ...special } = before;
  const gprs = Object.fromEntries(gpr.map((value, n) => [`r${n}`, value]));
  await system.set({ ...gprs, ...special, msr: MSR, pc: BigInt(start) });
  for (let step = 0; step < words.length; step++) await system.step();
  const after = await system.get(false);
  const value = (name: string): bigint => after[name] ?? 0n;
  const [end, at] = [BigInt(PLACE.slots + 4 * SLOTS), value('pc')];
  if (at !== end && at !== BigInt(TARGET)) throw new Error(`QEMU went to ${at.toString(16)}`);
  return {
    gpr: gpr.map((_, n) => value(`r${n}`)),
    ...{ cr: value('cr'), xer: value('xer'), lr: value('lr'), ctr: value('ctr') },
    fellThrough: at === end,
    data: await system.read(DATA, DATA_BYTES),
  };
}
