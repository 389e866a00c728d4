import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { CheckstopError, type PluginInput } from '@checkstop/kernel';
import * as v from 'valibot';
import type { PluginFactory } from './catalogue.ts';
import { loadModule } from './load-module.ts';

/** What a `checkstop.config.ts` exports: plugins of one's own beside the built-in ones, and what to do by default. */
export interface Config {
  /** By the name they get on the command line. */
  readonly strategies?: Readonly<Record<string, PluginFactory>>;
  /** Likewise. */
  readonly guests?: Readonly<Record<string, PluginFactory>>;
  /** Likewise; each is given `vcpus` among its options. */
  readonly hypervisors?: Readonly<Record<string, PluginFactory>>;
  /** Part of every machine: properties, observers. Called once for each machine. */
  readonly plugins?: () => readonly PluginInput[];
  /** What `checkstop matrix` runs when the command line doesn't say; names with options, as there. */
  readonly matrix?: {
    readonly strategies?: readonly string[];
    readonly guests?: readonly string[];
  };
}

/** Gives a configuration its type; returns it as it is. */
export const defineConfig = (config: Config): Config => config;

const DEFAULT_FILE = 'checkstop.config.ts';

const factories = v.optional(v.record(v.string(), v.function('expected a plugin factory, as definePlugin makes it')));
const names = v.optional(v.array(v.string()));
const schema = v.strictObject({
  strategies: factories,
  guests: factories,
  hypervisors: factories,
  plugins: v.optional(v.function('expected a function that returns plugins')),
  matrix: v.optional(v.strictObject({ strategies: names, guests: names })),
});

/**
 * Loads the configuration: the file named, or `checkstop.config.ts` in `cwd` if there is one, else an empty one.
 *
 * @throws CheckstopError CONFIG_NOT_FOUND, CONFIG_THREW (the error is its cause), CONFIG_INVALID (what it exports is no configuration)
 */
export async function loadConfig(cwd: string, file?: string): Promise<Config> {
  const path = resolve(cwd, file ?? DEFAULT_FILE);
  if (!existsSync(path)) {
    if (file === undefined) return {};
    throw new CheckstopError('CONFIG_NOT_FOUND', `There is no configuration '${path}'.`, { path });
  }
  let exported: unknown;
  try {
    exported = await loadModule(path);
  } catch (cause) {
    const said = cause instanceof Error ? cause.message : String(cause);
    throw new CheckstopError(
      'CONFIG_THREW',
      `The configuration '${path}' could not be loaded: ${said}`,
      { path },
      { cause },
    );
  }
  const parsed = v.safeParse(schema, exported);
  if (parsed.success) return exported as Config;
  const issues = parsed.issues.map((issue) => `${v.getDotPath(issue) ?? 'default export'}: ${issue.message}`);
  throw new CheckstopError(
    'CONFIG_INVALID',
    `The configuration '${path}' is none: ${issues.join('; ')}. Export defineConfig({ ... }) by default.`,
    {
      path,
      issues,
    },
  );
}
