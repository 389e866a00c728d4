import { spawnSync } from 'node:child_process';

/**
 * Whether the oracle's tests have to be left out because a tool is not installed; says so. With CHECKSTOP_ORACLE=required,
 * as in CI, a missing tool is an error.
 */
export function toolMissing(...commands: readonly string[]): boolean {
  const missing = commands.filter((command) => spawnSync(command, ['--version'], { stdio: 'ignore' }).error);
  if (missing.length === 0) return false;
  const message = `not installed: ${missing.join(', ')}`;
  if (process.env.CHECKSTOP_ORACLE === 'required') throw new Error(`An oracle is ${message}.`);
  console.warn(`Left out, since an oracle is ${message}.`);
  return true;
}

/** Whether recorded vectors are to be written anew: CHECKSTOP_ORACLE=record. */
export const recording = process.env.CHECKSTOP_ORACLE === 'record';
