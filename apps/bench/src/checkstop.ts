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
  /** Most that the process held at once, in MB. */
  readonly megabytes: number;
}

/** Has a process say at its end, on standard error, how much memory it took at most: nothing else knows of a process that has ended. */
const TELLS_MEMORY = `data:text/javascript,${encodeURIComponent(
  "process.on('exit', () => console.error('peak', process.resourceUsage().maxRSS));",
)}`;

/** Runs `checkstop explore` in a process of its own. */
export function runCheckstop(...args: readonly string[]): OurResult {
  const folder = mkdtempSync(join(tmpdir(), 'checkstop-bench-'));
  try {
    const json = join(folder, 'verdict.json');
    const start = performance.now();
    const run = spawnSync(process.execPath, ['--import', TELLS_MEMORY, bin, 'explore', ...args, '--json', json], {
      encoding: 'utf8',
    });
    const seconds = (performance.now() - start) / 1000;
    if (run.status !== 0 && run.status !== 1)
      throw new Error(`checkstop explore ${args.join(' ')} gave no verdict:\n${run.stdout}${run.stderr}`);
    const [cell] = (JSON.parse(readFileSync(json, 'utf8')) as Verdicts).cells;
    if (!cell) throw new Error('checkstop explore wrote no cell');
    const kilobytes = Number(/^peak (\d+)$/m.exec(run.stderr)?.[1] ?? Number.NaN);
    return { cell, seconds, megabytes: Math.round((kilobytes * 1024) / 1e6) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
