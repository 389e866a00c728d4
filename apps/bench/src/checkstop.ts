import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CellVerdict, Verdicts } from '@checkstop/cli';

const bin = join(dirname(fileURLToPath(import.meta.resolve('@checkstop/cli/package.json'))), 'bin/checkstop.js');

/** What our explorer found, timed from the outside. */
export interface OurResult {
  readonly cell: CellVerdict;
  /** From process start to process end. */
  readonly seconds: number;
}

/** Runs `checkstop explore` in a process of its own. */
export function runCheckstop(...args: readonly string[]): OurResult {
  const folder = mkdtempSync(join(tmpdir(), 'checkstop-bench-'));
  try {
    const json = join(folder, 'verdict.json');
    const start = performance.now();
    const run = spawnSync(process.execPath, [bin, 'explore', ...args, '--json', json], { encoding: 'utf8' });
    const seconds = (performance.now() - start) / 1000;
    if (run.status !== 0 && run.status !== 1)
      throw new Error(`checkstop explore ${args.join(' ')} gave no verdict:\n${run.stdout}${run.stderr}`);
    const [cell] = (JSON.parse(readFileSync(json, 'utf8')) as Verdicts).cells;
    if (!cell) throw new Error('checkstop explore wrote no cell');
    return { cell, seconds };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
