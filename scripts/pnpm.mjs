/**
 * Runs the pnpm that `packageManager` names, on a machine that has only Node and npm.
 *
 *   node scripts/pnpm.mjs [--bootstrap] <pnpm arguments>
 *
 * A pnpm on the PATH is used if it runs and is that very version; otherwise npx fetches it. Corepack is not asked: old
 * ones fail on the registry's rotated signing keys. `--bootstrap` first installs what the lock file says, unless the
 * installation is newer than it and the workspace's settings.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const [name, version] = JSON.parse(readFileSync(`${root}package.json`, 'utf8')).packageManager.split('@');

// turbo reads these; nothing here phones home.
const env = { ...process.env, TURBO_TELEMETRY_DISABLED: '1', DO_NOT_TRACK: '1' };
const shell = process.platform === 'win32';

const onPath = () => {
  const probe = spawnSync(name, ['--version'], { encoding: 'utf8', shell, cwd: root });
  return probe.status === 0 && probe.stdout.trim() === version;
};
const launcher = onPath() ? [name] : ['npx', '--yes', `${name}@${version}`];

/** Runs pnpm at the top of the repository. Returns its exit code; `stdout` may be sent elsewhere (a file descriptor). */
export const pnpm = (args, stdout = 'inherit') => {
  const [command, ...first] = launcher;
  const run = spawnSync(command, [...first, ...args], { stdio: ['inherit', stdout, 'inherit'], shell, cwd: root, env });
  if (run.error) throw run.error;
  return run.status ?? 1;
};

const modified = (path) => statSync(`${root}${path}`, { throwIfNoEntry: false })?.mtimeMs ?? 0;

/** Installs what the lock file says, unless that has been done since it or the workspace's settings last changed. */
export const bootstrap = () => {
  const asked = Math.max(modified('pnpm-lock.yaml'), modified('pnpm-workspace.yaml'));
  if (modified('node_modules/.modules.yaml') > asked) return;
  const code = pnpm(['install', '--frozen-lockfile'], 2);
  if (code !== 0) process.exit(code);
};

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const args = process.argv.slice(2);
  if (args[0] === '--bootstrap') {
    args.shift();
    bootstrap();
  }
  process.exit(pnpm(args));
}
