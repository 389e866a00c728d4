import { CheckstopError } from './error.ts';
import type { CapabilityName, Plugin } from './plugin.ts';
import { assertPlugin } from './plugin-shape.ts';

/** What `createMachine` takes for plugins: presets nest, and what is falsy is left out. */
export type PluginInput = Plugin | false | null | undefined | readonly PluginInput[];

/** Flattens, checks and orders plugins so that whoever provides a capability comes before whoever uses it; otherwise the given order stays. */
export function orderPlugins(input: readonly PluginInput[]): Plugin[] {
  if (!Array.isArray(input))
    throw new CheckstopError('PLUGIN_INVALID', 'createMachine takes a list: createMachine({ plugins: [...] }).');
  const plugins = [...new Set(flatten(input))];
  for (const [index, { name }] of plugins.entries())
    if (plugins.findIndex((other) => other.name === name) < index)
      throw new CheckstopError(
        'PLUGIN_DUPLICATE',
        `Two plugins are named '${name}', and a trace or a verdict could not tell which is meant; leave one of them out.`,
        { plugin: name },
      );
  const providers = new Map<CapabilityName, Plugin>();
  for (const plugin of plugins) {
    for (const name of plugin.provides) {
      const other = providers.get(name);
      if (other)
        throw new CheckstopError(
          'CAPABILITY_DUPLICATE',
          `Both '${other.name}' and '${plugin.name}' provide '${name}'; leave one of them out.`,
          { capability: name, plugins: [other.name, plugin.name] },
        );
      providers.set(name, plugin);
    }
  }
  const ordered: Plugin[] = [];
  const open = new Set<Plugin>();
  const visit = (plugin: Plugin): void => {
    if (ordered.includes(plugin)) return;
    if (open.has(plugin))
      throw new CheckstopError(
        'PLUGIN_CYCLE',
        `Plugins need each other in a circle: ${[...open].map((p) => p.name).join(' -> ')} -> ${plugin.name}.`,
      );
    open.add(plugin);
    for (const name of plugin.requires) {
      const provider = providers.get(name);
      if (!provider)
        throw new CheckstopError(
          'CAPABILITY_MISSING',
          `Plugin '${plugin.name}' needs the capability '${name}', which no plugin here provides; add one that does.`,
          { plugin: plugin.name, capability: name },
        );
      visit(provider);
    }
    for (const name of plugin.optional) {
      const provider = providers.get(name);
      if (provider && provider !== plugin) visit(provider);
    }
    open.delete(plugin);
    ordered.push(plugin);
  };
  for (const plugin of plugins) visit(plugin);
  return ordered;
}

function flatten(input: readonly PluginInput[]): Plugin[] {
  return input.flatMap((item) => {
    if (!item) return [];
    if (Array.isArray(item)) return flatten(item);
    assertPlugin(item);
    return [item];
  });
}
