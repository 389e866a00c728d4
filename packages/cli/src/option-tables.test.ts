import { readFileSync } from 'node:fs';
import { injectChecks, injectResets } from '@checkstop/hypervisor';
import { machineReset, migration } from '@checkstop/hypervisor-qemu';
import { fwnmi } from '@checkstop/rtas-fwnmi';
import { expect, it } from 'vitest';
import { machineArgs } from './args.ts';
import { builtIn, type PluginFactory } from './catalogue.ts';

/** What of valibot's schemas says which options there are. */
interface Node {
  readonly wrapped?: Node;
  readonly entries?: object;
  /** Of a variant. */
  readonly options?: readonly Node[];
}

const keys = ({ wrapped, entries, options = [] }: Node): string[] =>
  wrapped ? keys(wrapped) : entries ? Object.keys(entries) : options.flatMap(keys);
const optionsOf = (factory: unknown, given = {}): string[] => keys((factory as PluginFactory)(given).schema as Node);

/** Every word in code in the first columns of a README's tables. */
function wordsInTables(folder: string): Set<string> {
  const readme = readFileSync(new URL(`../../${folder}/README.md`, import.meta.url), 'utf8');
  const code = readme.split('\n').flatMap((line) => /^\|(.*?) \|/.exec(line)?.[1]?.match(/`[^`]+`/g) ?? []);
  return new Set(code.flatMap((span) => span.match(/\w+/g) ?? []));
}

const { strategy, guest, hypervisor } = builtIn;
const strategies = Object.entries(strategy).map(
  ([name, factory]) =>
    ['strategies', name, optionsOf(factory, name === 'delivery' ? { notification: 'architected' } : {})] as const,
);

it.each([
  ...strategies,
  ['guest-linux', 'guest-linux', optionsOf(guest['guest-linux'])],
  ['guest-other-os', 'guest-other-os', optionsOf(guest['guest-other-os'])],
  ['hypervisor-qemu', 'qemu', optionsOf(hypervisor.qemu)],
  ['hypervisor-qemu', 'migration', optionsOf(migration)],
  ['hypervisor-qemu', 'machineReset', optionsOf(machineReset)],
  ['hypervisor', 'injectChecks', optionsOf(injectChecks)],
  ['hypervisor', 'injectResets', optionsOf(injectResets)],
  ['rtas-fwnmi', 'fwnmi', optionsOf(fwnmi)],
] as const)('the tables in the README of %s have every option of %s', (folder, _plugin, options) => {
  const words = wordsInTables(folder);
  expect(options.length).toBeGreaterThan(0);
  expect(options.filter((option) => !words.has(option))).toEqual([]);
});

it.each([
  ['inject', optionsOf(injectChecks).filter((option) => option !== 'perVcpu')],
  ['migrate', optionsOf(migration)],
  ['machine-reset', optionsOf(machineReset)],
] as const)('--help lists what --%s takes', (arg, options) => {
  const listed = machineArgs[arg].description.replace(/.*: /, '').split(', ');
  expect(listed.toSorted()).toEqual(options.toSorted());
});
