/**
 * Which package may know which: the house's arrows, read by dependency-cruiser for imports (.dependency-cruiser.mjs) and
 * checked here against every manifest. Development dependencies count: turbo's task graph follows them too, and one that
 * points upwards is a cycle there.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const core = ['kernel', 'ppc-core', 'hypervisor'];
const contract = [...core, 'rtas-fwnmi'];
const libraries = {
  kernel: [],
  explorer: ['kernel'],
  report: ['kernel', 'explorer'],
  'ppc-core': ['kernel'],
  hypervisor: ['kernel', 'ppc-core'],
  'hypervisor-qemu': core,
  'rtas-fwnmi': core,
  'guest-kit': contract,
  'guest-linux': [...contract, 'guest-kit'],
  'guest-other-os': [...contract, 'guest-kit'],
  strategies: contract,
  mutants: contract,
};
const everything = Object.keys(libraries);

/** Folder of a package or app -> names (without the scope) of what it may depend on. */
export const arrows = {
  ...Object.fromEntries(Object.entries(libraries).map(([name, below]) => [`packages/${name}`, below])),
  'packages/cli': everything,
  'apps/demo': [...everything, 'cli'],
  'apps/bench': [...everything, 'cli'],
};

const root = fileURLToPath(new URL('..', import.meta.url));
const folders = ['packages', 'apps'].flatMap((top) => readdirSync(`${root}${top}`).map((name) => `${top}/${name}`));
const kinds = ['dependencies', 'devDependencies', 'peerDependencies', 'optionalDependencies'];

const complaintsAbout = (folder) => {
  const allowed = arrows[folder];
  if (!allowed) return [`${folder}: give it a line in scripts/arrows.mjs`];
  const manifest = JSON.parse(readFileSync(`${root}${folder}/package.json`, 'utf8'));
  return kinds.flatMap((kind) =>
    Object.keys(manifest[kind] ?? {})
      .filter((name) => name.startsWith('@checkstop/') && !allowed.includes(name.slice('@checkstop/'.length)))
      .map((name) => `${folder}: ${kind} may not name ${name}`),
  );
};

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const complaints = folders.flatMap(complaintsAbout);
  for (const complaint of complaints) console.error(complaint);
  process.exit(complaints.length === 0 ? 0 : 1);
}
