import { pathToFileURL } from 'node:url';
import { CheckstopError } from '@checkstop/kernel';
import type { Catalogue, PluginFactory, PluginKind } from './catalogue.ts';
import { loadModule } from './load-module.ts';

/** Finds the factory of a name: in the catalogue, else a package or a path (from `cwd`) whose default export is one. */
export async function resolveFactory(
  catalogue: Catalogue,
  kind: PluginKind,
  name: string,
  cwd: string,
): Promise<PluginFactory> {
  const known = catalogue[kind][name];
  if (known) return known;
  let exported: unknown;
  try {
    exported = await loadModule(name, pathToFileURL(`${cwd}/`).href);
  } catch (cause) {
    const said = cause instanceof Error ? cause.message : String(cause);
    throw new CheckstopError(
      'CLI_UNKNOWN_PLUGIN',
      `There is no ${kind} '${name}'; there are ${Object.keys(catalogue[kind]).join(', ')}. As a package or path it could not be loaded: ${said}`,
      { kind, name },
      { cause },
    );
  }
  if (typeof exported === 'function') return exported as PluginFactory;
  throw new CheckstopError(
    'CLI_NO_PLUGIN',
    `'${name}' exports no plugin: its default export must be what definePlugin returns.`,
    { kind, name },
  );
}
