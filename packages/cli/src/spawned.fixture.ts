import { type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { dependencies } from '../package.json';

const packages = new URL('../../', import.meta.url);
const sourceOf = (name: string): string =>
  fileURLToPath(new URL(`${name.replace('@checkstop/', '')}/src/index.ts`, packages));
/** Neighbours resolve to their sources, as in all other tests. */
const alias = Object.fromEntries(
  [...Object.keys(dependencies), '@checkstop/guest-kit', '@checkstop/cli']
    .filter((name) => name.startsWith('@checkstop/'))
    .map((name) => [name, sourceOf(name)]),
);
/** A program that runs one of our sources. */
export const loaderOf = (source: string): string => `
import { createRequire } from 'node:module';
const { createJiti } = createRequire(${JSON.stringify(import.meta.url)})('jiti');
await createJiti(${JSON.stringify(import.meta.url)}, { alias: ${JSON.stringify(alias)} }).import('${source}');
`;

/** Runs `checkstop` as a process of its own, in `cwd`; its standard output goes to `stdout`, and is returned if that is a pipe; who pipes `stdin` ends it. */
export async function spawned(
  argv: readonly string[],
  cwd: string,
  stdout: 'pipe' | number = 'pipe',
  onStart: (child: ReturnType<typeof spawn>) => void = () => undefined,
  stdin: 'ignore' | 'pipe' | number = 'ignore',
): Promise<{ readonly code: number | null; readonly out: string; readonly err: string }> {
  // Who runs the tests may let every folder see every package, and want colours of them.
  const env: NodeJS.ProcessEnv = { ...process.env, NODE_PATH: '' };
  delete env.FORCE_COLOR;
  const options: SpawnOptions = { cwd, env, stdio: [stdin, stdout, 'pipe'] };
  const child = spawn(
    process.execPath,
    ['--input-type=module', '-e', loaderOf('./bin.ts'), 'checkstop', ...argv],
    options,
  );
  onStart(child);
  const [[code], out, err] = await Promise.all([
    once(child, 'close'),
    child.stdout && !child.stdout.destroyed ? text(child.stdout) : '',
    child.stderr ? text(child.stderr) : '',
  ]);
  return { code, out, err };
}
