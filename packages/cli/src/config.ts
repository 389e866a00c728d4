import { lstatSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { CheckstopError, type Plugin } from '@checkstop/kernel';
import type { Mutant } from '@checkstop/mutants';
import * as v from 'valibot';
import type { PluginFactory } from './catalogue.ts';
import { isCheckstopError } from './complaint.ts';
import { loadFailure, loadModule } from './load-module.ts';
import type { InputFile } from './output-files.ts';

/** What a configuration may add to every machine: lists nest, and `false`, as of a condition, adds nothing. */
export type ConfigPlugin = Plugin | false | readonly ConfigPlugin[];

/** What a `checkstop.config.ts` exports: plugins of one's own beside the built-in ones, and what to do by default. */
export interface Config {
  /** By the name they get on the command line. */
  readonly strategies?: Readonly<Record<string, PluginFactory>>;
  /** Likewise. */
  readonly guests?: Readonly<Record<string, PluginFactory>>;
  /** Likewise; each is given `vcpus` among its options. */
  readonly hypervisors?: Readonly<Record<string, PluginFactory>>;
  /** Part of every machine: properties, observers. Called once for each machine. */
  readonly plugins?: () => readonly ConfigPlugin[];
  /** Deliberate mistakes beside those of the library; on the same name yours is taken. */
  readonly mutants?: readonly Mutant[];
  /** What `checkstop matrix` runs when the command line doesn't say; names with options, as there. */
  readonly matrix?: {
    readonly strategies?: readonly string[];
    readonly guests?: readonly string[];
  };
}

/** Gives a configuration its type; returns it as it is. */
export const defineConfig = (config: Config): Config => config;

/** What a configuration is called that need not be named. */
const DEFAULT_FILES = ['ts', 'mts', 'js', 'mjs', 'cjs'].map((extension) => `checkstop.config.${extension}`);

/** The configuration of a folder that need not be named; undefined if there is none. @throws CheckstopError CLI_CONTRADICTION */
function defaultFile(cwd: string): string | undefined {
  const [file, other] = DEFAULT_FILES.filter((name) => lstatSync(resolve(cwd, name), { throwIfNoEntry: false }));
  if (other === undefined) return file;
  throw new CheckstopError(
    'CLI_CONTRADICTION',
    `There are ${file} and ${other} in '${cwd}'; say which it is by --config, or delete one.`,
    { files: [file, other] },
  );
}

/** The configuration as a file that is read. @throws CheckstopError CLI_CONTRADICTION */
export const configInput = (cwd: string, file: string | undefined): InputFile => ({
  what: 'the configuration',
  file: file ?? defaultFile(cwd),
});

/** An object with these settings and no others. A list would pass for one, having none. */
const settings = <E extends v.ObjectEntries>(entries: E) =>
  v.pipe(
    v.custom<object>((input) => !Array.isArray(input), 'expected an object'),
    v.strictObject(entries, ({ expected, message }) =>
      expected === 'never' ? `there is no such setting; there are ${Object.keys(entries).join(', ')}` : message,
    ),
  );
const factory = v.function('expected a plugin factory, as definePlugin makes it');
const factories = v.optional(
  v.pipe(
    v.custom<object>((input) => !Array.isArray(input), 'expected an object'),
    v.record(v.pipe(v.string(), v.regex(/^[^\s:]+$/, 'expected a name without blanks and colons')), factory),
  ),
);
const mutant = v.looseObject({ name: v.string(), what: v.string(), seenBy: v.array(v.string()) });
const names = v.optional(v.pipe(v.array(v.string()), v.minLength(1, 'names nothing; leave it out to take all')));
const schema = settings({
  strategies: factories,
  guests: factories,
  hypervisors: factories,
  plugins: v.optional(v.function('expected a function that returns plugins')),
  mutants: v.optional(v.array(mutant)),
  matrix: v.optional(settings({ strategies: names, guests: names })),
});

/** Where a configuration was loaded from: what `loadConfig` was given. */
export interface ConfigSource {
  readonly cwd: string;
  readonly file: string | undefined;
}

const sources = new WeakMap<Config, ConfigSource>();

/** Where a configuration was loaded from; undefined for an empty one, and for one that somebody made in code. */
export const sourceOf = (config: Config): ConfigSource | undefined => sources.get(config);

/** The file that was named as the configuration; undefined for the default one, and for one that somebody made in code. */
export const configFile = (config: Config): string | undefined => sources.get(config)?.file;

/** A configuration as if its file were loaded for the first time; one that somebody made in code, as it is. */
export async function reloadConfig(config: Config): Promise<Config> {
  const source = sources.get(config);
  return source ? loadConfig(source.cwd, source.file, true) : config;
}

/**
 * Loads the configuration: the file named, or `checkstop.config.ts` (.mts, .js, .mjs, .cjs) in `cwd` if there is one, else an
 * empty one.
 *
 * @throws CheckstopError CONFIG_NOT_FOUND, CLI_CONTRADICTION (two in that folder), CONFIG_THREW (the error is its cause), CONFIG_INVALID (what it exports is no configuration)
 */
export async function loadConfig(cwd: string, file?: string, anew = false): Promise<Config> {
  const found = file ?? defaultFile(cwd);
  if (found === undefined) return {};
  const path = resolve(cwd, found);
  const stats = statSync(path, { throwIfNoEntry: false });
  if (!stats || stats.isDirectory())
    throw new CheckstopError(
      'CONFIG_NOT_FOUND',
      stats
        ? `'${path}' is a folder; name the configuration in it, such as '${resolve(path, 'checkstop.config.ts')}'.`
        : `There is no configuration '${path}'.`,
      { path },
    );
  const parsed = await readConfig(path, anew);
  if (parsed.success) {
    const config = parsed.output as Config;
    sources.set(config, { cwd, file });
    return config;
  }
  const issues = parsed.issues.map((issue) => `${v.getDotPath(issue) ?? 'default export'}: ${issue.message}`);
  throw new CheckstopError(
    'CONFIG_INVALID',
    `The configuration '${path}' is none: ${issues.join('; ')}. Export defineConfig({ ... }) by default.`,
    { path, issues },
  );
}

/** Getters run when what is exported is read, so that is part of loading. */
async function readConfig(path: string, anew: boolean): Promise<v.SafeParseResult<typeof schema>> {
  try {
    return v.safeParse(schema, await loadModule(path, anew));
  } catch (cause) {
    if (isCheckstopError(cause)) throw cause;
    throw new CheckstopError(
      'CONFIG_THREW',
      `The configuration '${path}' could not be loaded. ${loadFailure(cause)}`,
      { path },
      { cause },
    );
  }
}

/**
 * The plugins that a configuration adds to a machine.
 *
 * @throws CheckstopError CONFIG_INVALID (a promise, no list, a hole in it), and whatever the configuration throws
 */
export function configPlugins({ plugins }: Config): readonly ConfigPlugin[] {
  const made: unknown = plugins ? plugins() : [];
  const isPlugins = (value: unknown): boolean =>
    Array.isArray(value) ? value.every(isPlugins) : value !== null && value !== undefined;
  if (Array.isArray(made) && isPlugins(made)) return made;
  // Nobody will wait for it, so nobody shall hear that it failed either.
  if (made instanceof Promise) made.catch(() => undefined);
  const what =
    made instanceof Promise
      ? 'returned a promise; await what it needs at the top of the configuration, and return the list itself'
      : `returned ${Array.isArray(made) ? 'a list with null or undefined in it; call each factory, and write false for one that is left out' : `${made === null ? 'null' : typeof made}; return a list`}`;
  throw new CheckstopError('CONFIG_INVALID', `plugins() of the configuration ${what}.`);
}
