import { readFileSync, writeFileSync } from 'node:fs';

const file = new URL('../vectors/qemu-system.json', import.meta.url);

/** What QEMU's pseries machine did, recorded. */
export interface SystemVectors {
  /** First line of `qemu-system-ppc64 --version`. */
  readonly version: string;
  /** What each step of a privileged program changed, steps separated by semicolons. */
  readonly programs: Readonly<Record<string, string>>;
  /** Cases in 32-bit mode, as case.ts formats them. */
  readonly narrow: readonly string[];
}

/** The recorded vectors. */
export function readSystemVectors(): SystemVectors {
  return JSON.parse(readFileSync(file, 'utf8'));
}

/** Records them anew. */
export function writeSystemVectors(vectors: SystemVectors): void {
  writeFileSync(file, `${JSON.stringify(vectors, undefined, 2)}\n`);
}
