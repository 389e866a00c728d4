/**
 * No tracked file may name the machine it was written on: the folder the checkout lies in, the home and temporary
 * folders, or the host packages were fetched from. Such a name works once, and here only.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { homedir, tmpdir } from 'node:os';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(fileURLToPath(new URL('.', import.meta.url)));
const registry = execFileSync('npm', ['config', 'get', 'registry'], {
  encoding: 'utf8',
  shell: process.platform === 'win32',
});

const names = [dirname(root), homedir(), tmpdir()].filter((folder) => folder !== '/').map((folder) => `${folder}/`);
names.push(new URL(registry.trim()).host);

const patterns = names.flatMap((name) => ['-e', name]);
const found = spawnSync('git', ['grep', '--fixed-strings', '-nI', ...patterns], { cwd: root, encoding: 'utf8' });
// git grep answers 1 when nothing matches, more when it could not look.
if (found.status !== 1) {
  console.error(`Tracked files name this machine (${names.join(', ')}):\n${found.stdout}${found.stderr}`);
  process.exit(1);
}
