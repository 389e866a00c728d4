import type { Capabilities, CapabilityName, Plugin, PluginContext } from '@checkstop/kernel';

/**
 * A plugin that provides one capability otherwise: whoever uses it gets what `change` makes of it. Everything else the plugin does,
 * its own use of what it provides included, stays as it is.
 *
 * @param change called during set-up, when the capability is provided; it may declare state and subscribe by `ctx`
 */
export function providing<K extends CapabilityName>(
  plugin: Plugin,
  name: K,
  change: (value: Capabilities[K], ctx: PluginContext) => Capabilities[K],
): Plugin {
  return {
    ...plugin,
    setup(ctx) {
      const provide = (key: CapabilityName, value: Capabilities[CapabilityName]): void =>
        ctx.provide(key, key === name ? change(value as Capabilities[K], ctx) : value);
      plugin.setup(Object.create(ctx, { provide: { value: provide } }) as PluginContext);
    },
  };
}

/** An object like this one but for some members; getters of the original stay live. */
export const otherwise = <T extends object>(value: T, members: Partial<T>): T =>
  Object.create(value, Object.getOwnPropertyDescriptors(members)) as T;
