/**
 * Tests that a minor of the kernel leaves every other package's version alone, in a throw-away copy of the manifests: what
 * waits in .changeset is released there first, then a kernel minor. Changesets by itself makes it a major of each plugin.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const copy = mkdtempSync(join(tmpdir(), 'checkstop-release-'));
const packages = readdirSync(join(root, 'packages'));

const manifests = packages.map((name) => `packages/${name}/package.json`);
for (const path of ['package.json', 'pnpm-workspace.yaml', '.changeset', ...manifests]) {
  cpSync(join(root, path), join(copy, path), { recursive: true });
}
symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));

const version = () => {
  execFileSync(join(root, 'node_modules/.bin/changeset'), ['version'], {
    cwd: copy,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return Object.fromEntries(
    packages.map((name) => [
      name,
      JSON.parse(readFileSync(join(copy, 'packages', name, 'package.json'), 'utf8')).version,
    ]),
  );
};
const before = version();
writeFileSync(join(copy, '.changeset/minor.md'), "---\n'@checkstop/kernel': minor\n---\n\nA kernel minor.\n");
const after = version();
rmSync(copy, { recursive: true });

const moved = packages.filter((name) => before[name] !== after[name]);
if (moved.join() !== 'kernel') {
  console.error('A kernel minor must bump the kernel alone; it did this:');
  for (const name of moved) console.error(`  ${name} ${before[name]} -> ${after[name]}`);
  process.exit(1);
}
