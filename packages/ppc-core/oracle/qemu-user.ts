import { execFileSync, spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Case, initialData, type Outcome } from './case.ts';
import { elf } from './elf.ts';
import { CASE_BYTES, DATA_BYTES, type Endian, harness, OFFSET, PLACE, SLOTS } from './harness.ts';

/** QEMU's user mode emulators. */
export const QEMU_USER = { big: 'qemu-ppc64', little: 'qemu-ppc64le' } as const;

const NOP = 0x6000_0000;

/** Runs cases under QEMU, all in one process. */
export function runInQemu(cases: readonly Case[], endian: Endian): Outcome[] {
  const folder = mkdtempSync(join(tmpdir(), 'checkstop-qemu-'));
  const [program, input, output] = ['program', 'in', 'out'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  const { code, end } = PLACE;
  try {
    writeFileSync(program, elf(harness(endian).bytes, { address: code, size: end - code, endian }), { mode: 0o755 });
    writeFileSync(input, encode(cases, endian === 'little'));
    const [stdin, stdout] = [openSync(input, 'r'), openSync(output, 'w')];
    const { status, stderr } = spawnSync(QEMU_USER[endian], ['-cpu', 'power9', program], {
      stdio: [stdin, stdout, 'pipe'],
      encoding: 'utf8',
    });
    closeSync(stdin);
    closeSync(stdout);
    const results = decode(readFileSync(output), endian === 'little');
    if (status !== 0 || results.length !== cases.length) {
      const words = cases[results.length]?.words.map((word) => word.toString(16));
      throw new Error(
        `QEMU ended with ${status} after ${results.length} of ${cases.length} cases, at ${words}: ${stderr}`,
      );
    }
    return results;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The first line of `--version`. */
export function qemuVersion(endian: Endian): string {
  return execFileSync(QEMU_USER[endian], ['--version'], { encoding: 'utf8' }).split('\n')[0] ?? '';
}

const SPECIAL = ['cr', 'xer', 'lr', 'ctr'] as const;

function encode(cases: readonly Case[], little: boolean): Uint8Array {
  const bytes = new Uint8Array(cases.length * CASE_BYTES);
  for (const [index, { words, before }] of cases.entries()) {
    const view = new DataView(bytes.buffer, index * CASE_BYTES, CASE_BYTES);
    const padded = [...Array(SLOTS - words.length).fill(NOP), ...words];
    for (const [slot, word] of padded.entries()) view.setUint32(OFFSET.words + 4 * slot, word, little);
    for (const [n, value] of before.gpr.entries()) view.setBigUint64(OFFSET.gpr + 8 * n, value, little);
    for (const name of SPECIAL) view.setBigUint64(OFFSET[name], before[name], little);
    bytes.set(initialData(), index * CASE_BYTES + OFFSET.data);
  }
  return bytes;
}

function decode(bytes: Uint8Array, little: boolean): Outcome[] {
  return Array.from({ length: Math.floor(bytes.length / CASE_BYTES) }, (_, index) => {
    const view = new DataView(bytes.buffer, bytes.byteOffset + index * CASE_BYTES, CASE_BYTES);
    const data = bytes.slice(index * CASE_BYTES + OFFSET.data, index * CASE_BYTES + OFFSET.data + DATA_BYTES);
    const [cr, xer, lr, ctr] = SPECIAL.map((name) => view.getBigUint64(OFFSET[name], little));
    return {
      fellThrough: view.getBigUint64(OFFSET.fellThrough, little) !== 0n,
      gpr: Array.from({ length: 32 }, (_each, n) => view.getBigUint64(OFFSET.gpr + 8 * n, little)),
      ...{ cr, xer, lr, ctr, data },
    } as Outcome;
  });
}
