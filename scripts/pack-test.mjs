/**
 * Tests what would be published: packs every package, has publint and are-the-types-wrong look at the tarballs, installs
 * them with npm in an empty folder outside the workspace, and runs there the README's second example, which composes a
 * hypervisor of its own, and the program that each package's README begins with. Only what a program imports is installed
 * for it, so that it shows what it can do without; then all is installed, every package is imported, and TypeScript checks
 * that and the composed hypervisor against the declarations that came with the tarballs, those included.
 */
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bootstrap, pnpm } from './pnpm.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const example = join(root, 'docs/examples/custom-hypervisor.mjs');
const folder = mkdtempSync(join(tmpdir(), 'checkstop-pack-'));
const shell = process.platform === 'win32';

const must = (code) => {
  if (code !== 0) process.exit(code);
};
const here = (command, ...args) => execFileSync(command, args, { cwd: folder, stdio: 'inherit', shell });
const tool = (name) => join(root, 'node_modules/.bin', name);
const step = (what) => console.log(`\n== ${what}`);

step('build and pack');
bootstrap();
must(pnpm(['exec', 'turbo', 'run', 'build', '--filter=./packages/*']));
must(pnpm(['--recursive', '--filter=./packages/*', 'pack', '--pack-destination', folder]));
const manifests = readdirSync(join(root, 'packages')).map((name) =>
  JSON.parse(readFileSync(join(root, 'packages', name, 'package.json'), 'utf8')),
);
const tarballs = Object.fromEntries(
  manifests.map(({ name, version }) => [name, join(folder, `${name.slice(1).replace('/', '-')}-${version}.tgz`)]),
);

const specs = Object.fromEntries(Object.entries(tarballs).map(([name, path]) => [name, `file:${path}`]));

/** Installs `names` in the folder, our own and what they ask of the scope from the tarballs, others from the registry. */
const install = (names) => {
  const dependencies = Object.fromEntries(names.map((name) => [name, specs[name] ?? '*']));
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, dependencies, overrides: specs }));
  here('npm', 'install', '--no-audit', '--no-fund');
};

step('publint and are-the-types-wrong');
for (const tarball of Object.values(tarballs)) {
  here(tool('publint'), 'run', '--strict', tarball);
  here(tool('attw'), '--profile', 'esm-only', '--quiet', tarball);
}

step('the custom hypervisor, with only what it imports');
const program = readFileSync(example, 'utf8');
if (!readFileSync(join(root, 'README.md'), 'utf8').includes(program.trim())) {
  throw new Error(`README.md no longer shows ${example} word by word`);
}
install([...new Set(program.match(/@checkstop\/[\w-]+/g))]);
if (readdirSync(join(folder, 'node_modules/@checkstop')).includes('hypervisor-qemu')) {
  throw new Error('A custom hypervisor must not pull in @checkstop/hypervisor-qemu');
}
copyFileSync(example, join(folder, 'custom-hypervisor.mjs'));
here(process.execPath, 'custom-hypervisor.mjs');

step("each package's README, with only what its program imports");
for (const name of Object.keys(tarballs)) {
  const readme = readFileSync(join(root, 'packages', name.slice('@checkstop/'.length), 'README.md'), 'utf8');
  const [, program = ''] = /```[jt]s\n(.*?)```/s.exec(readme) ?? [];
  const imported = [...new Set([...program.matchAll(/ from '(.*?)';/g)].map(([, from]) => from))].sort();
  const line = `npm install ${imported.join(' ')}`;
  if (!readme.includes(`\`\`\`sh\n${line}\n\`\`\``)) throw new Error(`The README of ${name} must say \`${line}\``);
  install(imported);
  writeFileSync(join(folder, 'readme.mjs'), program);
  here(process.execPath, 'readme.mjs');
}

step('every package');
install(Object.keys(tarballs));
for (const name of Object.keys(tarballs)) {
  here(process.execPath, '--input-type=module', '--eval', `await import('${name}')`);
}
here('npx', 'checkstop', '--help');

step('the types of every package');
writeFileSync(
  join(folder, 'every.mjs'),
  Object.keys(tarballs)
    .map((name, i) => `export * as p${i} from '${name}';\n`)
    .join(''),
);
const strict = ['--noEmit', '--allowJs', '--checkJs', '--strict', '--exactOptionalPropertyTypes'];
here(tool('tsc'), ...strict, '--target', 'es2022', '--module', 'nodenext', 'every.mjs', 'custom-hypervisor.mjs');

rmSync(folder, { recursive: true });
