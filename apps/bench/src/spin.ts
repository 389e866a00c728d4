import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const models = fileURLToPath(new URL('../models', import.meta.url));

/** One cell of the Promela models: a file of `models/` and its knobs (models/vcpu.pml lists them). */
export interface SpinCell {
  model: string;
  knobs: Readonly<Record<string, number>>;
}

/** What SPIN found. `violated` covers failed assertions and invalid end states: the models state everything as one of them. */
export interface SpinResult {
  verdict: 'holds' | 'violated';
  states: number;
  transitions: number;
  /** From the start of `spin -a` to the end of `pan`. */
  seconds: number;
  /** What `pan` says it took, in MB: much of it is a table whose size does not depend on the model. */
  megabytes: number;
}

/** `spin -V` as it prints it, or null when spin or gcc is not installed. */
export function spinVersion(): string | null {
  const spin = spawnSync('spin', ['-V'], { encoding: 'utf8' });
  const gcc = spawnSync('gcc', ['--version']);
  return spin.status === 0 && gcc.status === 0 ? spin.stdout.trim() : null;
}

/** `spin -a`, `gcc -O2 -DSAFETY`, `pan`, one after the other in a folder of their own: with SPIN's partial-order reduction, memory as `pan` chooses it. */
export function runSpin(cell: SpinCell): SpinResult;
/** The same, but null when `pan` comes to no verdict within so many seconds. */
export function runSpin(cell: SpinCell, giveUp: number): SpinResult | null;
export function runSpin({ model, knobs }: SpinCell, giveUp?: number): SpinResult | null {
  const folder = mkdtempSync(join(tmpdir(), 'checkstop-spin-'));
  const run = (command: string, ...args: string[]): string => {
    const { status, stdout, stderr, error } = spawnSync(command, args, { cwd: folder, encoding: 'utf8' });
    if (error) throw error;
    if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed:\n${stdout}${stderr}`);
    return stdout;
  };
  try {
    cpSync(models, folder, { recursive: true });
    const start = performance.now();
    run('spin', '-a', ...Object.entries(knobs).map(([name, value]) => `-D${name}=${value}`), `${model}.pml`);
    run('gcc', '-O2', '-DSAFETY', '-o', 'pan', 'pan.c');
    const pan = spawnSync(join(folder, 'pan'), [`-m${DEPTH}`], {
      ...{ cwd: folder, encoding: 'utf8' },
      ...(giveUp !== undefined && { timeout: giveUp * 1000 }),
    });
    if (pan.error && 'code' in pan.error && pan.error.code === 'ETIMEDOUT') return null;
    if (pan.error) throw pan.error;
    if (pan.status !== 0) throw new Error(`pan failed:\n${pan.stdout}${pan.stderr}`);
    const said = pan.stdout;
    const seconds = (performance.now() - start) / 1000;
    if (said.includes('max search depth too small')) throw new Error(`pan -m${DEPTH} is too shallow for ${model}`);
    const count = (pattern: RegExp): number => Number(pattern.exec(said)?.[1] ?? Number.NaN);
    return {
      verdict: count(/errors: (\d+)/) === 0 ? 'holds' : 'violated',
      states: count(/(\d+) states, stored/),
      transitions: count(/(\d+) transitions/),
      seconds,
      megabytes: Math.round(count(/([\d.]+)\s+total actual memory usage/)),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Deeper than any path of the models at 4 vCPUs. */
const DEPTH = 100_000;
