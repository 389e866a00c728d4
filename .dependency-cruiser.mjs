import { arrows } from './scripts/arrows.mjs';

const upwards = Object.entries(arrows).map(([folder, below]) => ({
  name: `arrows-of-${folder.split('/')[1]}`,
  comment: 'Arrows go down only: see scripts/arrows.mjs.',
  severity: 'error',
  from: { path: `^${folder}/` },
  to: { path: '^(packages|apps)/', pathNot: [`^${folder}/`, ...below.map((name) => `^packages/${name}/`)] },
}));

const throughTheDoor = Object.keys(arrows).map((folder) => ({
  name: `door-of-${folder.split('/')[1]}`,
  comment: 'A neighbour is imported by its name, never by a path into its sources.',
  severity: 'error',
  from: { path: '^(packages|apps)/', pathNot: `^${folder}/` },
  to: { path: `^${folder}/`, pathNot: `^${folder}/src/index\\.ts$` },
}));

export default {
  forbidden: [
    ...upwards,
    ...throughTheDoor,
    {
      name: 'no-cycles',
      comment: 'Modules that import each other at run time depend on the order they are loaded in.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '/dist/' },
  },
};
