import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { assertPlugin, type CapabilityName, CheckstopError } from '@checkstop/kernel';
import { builtIn, type Catalogue, type PluginFactory, type PluginKind } from './catalogue.ts';
import { isCheckstopError, threw } from './complaint.ts';
import { findModule, loadFailure, loadModule } from './load-module.ts';

/**
 * Finds the factory of a name: in the catalogue, else a package or a path (from `cwd`) whose default export is one; `anew`: as {@link loadModule} has it.
 *
 * @returns the factory; one from outside throws CLI_PLUGIN_THREW and CLI_NO_PLUGIN where it would throw, or make, something else
 * @throws CheckstopError CLI_UNKNOWN_PLUGIN (there is no such name, file or package), CLI_CANNOT_LOAD, CLI_NO_PLUGIN
 */
export async function resolveFactory(
  catalogue: Catalogue,
  kind: PluginKind,
  name: string,
  cwd: string,
  anew = false,
): Promise<PluginFactory> {
  const known = catalogue[kind];
  const factory = Object.hasOwn(known, name)
    ? known[name]
    : await loadFactory(Object.keys(known), kind, name, cwd, anew);
  return Object.values(builtIn[kind]).includes(factory) ? factory : guarded(kind, name, factory);
}

async function loadFactory(
  known: readonly string[],
  kind: PluginKind,
  name: string,
  cwd: string,
  anew: boolean,
): Promise<PluginFactory> {
  const file = findModule(name, pathToFileURL(`${cwd}/`).href);
  if (file === undefined) throw unknown(known, kind, name, cwd);
  let exported: unknown;
  try {
    exported = await loadModule(file, anew);
  } catch (cause) {
    if (isCheckstopError(cause)) throw cause;
    throw new CheckstopError(
      'CLI_CANNOT_LOAD',
      `The ${kind} '${name}' could not be loaded. ${loadFailure(cause)}`,
      { kind, name, file },
      { cause },
    );
  }
  if (typeof exported === 'function') return exported as PluginFactory;
  throw new CheckstopError(
    'CLI_NO_PLUGIN',
    `'${name}' exports no plugin: its default export must be what definePlugin returns.`,
    { kind, name, file },
  );
}

function unknown(known: readonly string[], kind: PluginKind, name: string, cwd: string): CheckstopError {
  const isPath = /^(?:\.{0,2}[\\/]|[a-z]:[\\/]|file:)/i.test(name);
  const isNearby = !isPath && existsSync(resolve(cwd, name));
  const text = isPath
    ? `There is no file '${shortened(resolve(cwd, name))}' to take the ${kind} from.`
    : `There is no ${kind} '${shortened(name)}'; there are ${known.join(', ')}. ${isNearby ? `A path begins with a dot: './${name}'.` : `Nor is there a package of that name in ${cwd}.`}`;
  return new CheckstopError('CLI_UNKNOWN_PLUGIN', text, { kind, name });
}

/** A factory that nobody has checked, made to throw typed errors only and to make plugins of its kind only. */
function guarded(kind: PluginKind, name: string, factory: PluginFactory): PluginFactory {
  const { firmware } = factory;
  const make: PluginFactory = (options) => {
    let made: unknown;
    try {
      made = factory(options);
    } catch (cause) {
      throw isCheckstopError(cause) ? cause : threw(`The factory of the ${kind} '${name}'`, cause);
    }
    if (typeof made === 'object' && made !== null && !Array.isArray(made) && !(made instanceof Promise)) {
      assertPlugin(made);
      const { provides } = made;
      const capability = CAPABILITIES[kind];
      if (provides.includes(capability)) return made;
      const what = provides.length === 0 ? 'nothing' : provides.map((name) => `'${name}'`).join(', ');
      throw new CheckstopError(
        'CLI_NO_PLUGIN',
        `'${shortened(name)}' is no ${kind}: that provides '${capability}', and this plugin provides ${what}. Give the names in their order, STRATEGY GUEST, and list in 'provides' what its setup provides.`,
        { kind, name, capability, provides },
      );
    }
    // Nobody will wait for it, so nobody shall hear that it failed either.
    if (made instanceof Promise) made.catch(() => undefined);
    throw new CheckstopError(
      'CLI_NO_PLUGIN',
      `The factory of the ${kind} '${name}' made no plugin but returned ${kindOf(made)}; make factories with definePlugin.`,
      { kind, name },
    );
  };
  return firmware ? Object.assign(make, { firmware }) : make;
}

/** What makes a plugin one of its kind. */
const CAPABILITIES: Readonly<Record<PluginKind, CapabilityName>> = {
  strategy: 'delivery',
  guest: 'guest',
  hypervisor: 'hypervisor',
};

/** A name in a message: so much of it that it is recognised, and that what to do stays in sight. */
const shortened = (name: string): string => (name.length > 120 ? `${name.slice(0, 120)}...` : name);

function kindOf(made: unknown): string {
  if (made === undefined || made === null) return String(made);
  if (made instanceof Promise) return 'a promise';
  return Array.isArray(made) ? 'a list' : `a ${typeof made}`;
}
