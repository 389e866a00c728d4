import { builtIn, type Catalogue, type PluginKind } from './catalogue.ts';
import type { CellSpec } from './cell.ts';
import type { Config } from './config.ts';

const KINDS = ['strategy', 'guest', 'hypervisor'] as const satisfies readonly PluginKind[];

const named = (spec: CellSpec, isMeant: (kind: PluginKind, name: string) => boolean): string[] =>
  KINDS.filter((kind) => isMeant(kind, spec[kind].name)).map((kind) => `the ${kind} '${spec[kind].name}'`);

/** The parts of a cell whose code is found by name alone: they stand neither in the command nor in the configuration. */
export const loadedParts = (spec: CellSpec, catalogue: Catalogue): string[] =>
  named(spec, (kind, name) => !Object.hasOwn(catalogue[kind], name));

/** Whatever of a cell's machine does not come with the command. */
export const foreignParts = (spec: CellSpec, catalogue: Catalogue, { plugins }: Config): string[] => [
  ...named(spec, (kind, name) => !Object.hasOwn(builtIn[kind], name) || catalogue[kind][name] !== builtIn[kind][name]),
  ...(plugins ? ['what the configuration adds'] : []),
];
