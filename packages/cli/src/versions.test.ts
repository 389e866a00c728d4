import { createRequire } from 'node:module';
import { injectChecks, injectResets } from '@checkstop/hypervisor';
import { machineReset, migration } from '@checkstop/hypervisor-qemu';
import type { Plugin } from '@checkstop/kernel';
import { ppc64 } from '@checkstop/ppc-core';
import { fwnmi } from '@checkstop/rtas-fwnmi';
import { expect, it } from 'vitest';
import { builtIn, type PluginFactory } from './catalogue.ts';

const require = createRequire(import.meta.url);
const versionOf = (name: string): string => require(`@checkstop/${name}/package.json`).version;
/** What the axes of a delivery leave to whoever calls it. */
const NEEDED: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  delivery: { notification: 'architected' },
};
const made = (factories: Readonly<Record<string, PluginFactory>>): Plugin[] =>
  Object.entries(factories).map(([name, factory]) => factory(NEEDED[name]));

it.each([
  ['strategies', made(builtIn.strategy)],
  ['guest-linux', [builtIn.guest['guest-linux']()]],
  ['guest-other-os', [builtIn.guest['guest-other-os']()]],
  ['hypervisor-qemu', [...made(builtIn.hypervisor), migration(), machineReset()]],
  ['hypervisor', [injectChecks(), injectResets()]],
  ['rtas-fwnmi', [fwnmi()]],
  ['ppc-core', [ppc64()]],
])('%s: its plugins are of the version of their package, so that tokens tell releases apart', (name, plugins) => {
  for (const plugin of plugins) expect(plugin).toMatchObject({ name: plugin.name, version: versionOf(name) });
});
