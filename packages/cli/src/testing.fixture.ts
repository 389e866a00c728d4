import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pc from 'picocolors';
import type { Io } from './io.ts';
import { main } from './main.ts';

/** What a run of the command left behind. */
export interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs `checkstop` in this process; `cwd` is a fresh folder unless given. */
export async function checkstop(argv: readonly string[], over: Partial<Io> = {}): Promise<Outcome> {
  const text = { out: '', err: '' };
  const code = await main(argv, {
    cwd: over.cwd ?? temporaryFolder(),
    out: (more) => {
      text.out += more;
    },
    err: (more) => {
      text.err += more;
    },
    live: false,
    colors: pc.createColors(false),
    columns: 140,
    interrupted: () => false,
    ...over,
  });
  return { code, ...text };
}

/** A fresh folder; the operating system clears it away. */
export const temporaryFolder = (): string => mkdtempSync(join(tmpdir(), 'checkstop-test-'));
