import { readFileSync, writeFileSync } from 'node:fs';

const file = new URL('../vectors/qemu-user.json', import.meta.url);

/** What QEMU's user mode did, recorded: cases as case.ts formats them. */
export interface QemuVectors {
  /** First line of `qemu-ppc64 --version`. */
  readonly version: string;
  readonly big: readonly string[];
  /** Rows that access memory only: byte order is nothing to the others. */
  readonly little: readonly string[];
}

/** The recorded vectors. */
export function readQemuVectors(): QemuVectors {
  return JSON.parse(readFileSync(file, 'utf8'));
}

/** Records them anew. */
export function writeQemuVectors(vectors: QemuVectors): void {
  writeFileSync(file, `${JSON.stringify(vectors, undefined, 2)}\n`);
}
