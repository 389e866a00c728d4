import { CheckstopError } from '@checkstop/kernel';

/** Which plugin, by name, with which options: plain data, as it stands in verdicts and replay tokens. */
export interface PluginSpec {
  /** A name of the catalogue, a package, or a path. */
  readonly name: string;
  readonly options: Readonly<Record<string, unknown>>;
}

const SPEC = /^(.+?)(?::([a-z][\w-]*=.*))?$/i;

/**
 * Reads `name` or `name:key=value,key=value`. Values are numbers (decimal or 0x), `true`, `false`, or text.
 *
 * @throws CheckstopError CLI_BAD_PLUGIN_SPEC
 */
export function parsePluginSpec(text: string): PluginSpec {
  const [, name, list] = SPEC.exec(text.trim()) ?? [];
  if (name === undefined)
    throw new CheckstopError(
      'CLI_BAD_PLUGIN_SPEC',
      `'${text}' names no plugin; write name or name:key=value,key=value.`,
      { text },
    );
  return { name, options: parsePairs(list ?? '') };
}

/**
 * Reads `key=value,key=value`, or nothing; values as in {@link parsePluginSpec}.
 *
 * @throws CheckstopError CLI_BAD_PLUGIN_SPEC
 */
export function parsePairs(text: string): Record<string, unknown> {
  return Object.fromEntries(text === '' ? [] : text.split(',').map((pair) => parsePair(pair, text)));
}

/** Writes what {@link parsePluginSpec} reads. */
export function formatPluginSpec({ name, options }: PluginSpec): string {
  const pairs = Object.entries(options).map(([key, value]) => `${key}=${formatValue(value)}`);
  return pairs.length === 0 ? name : `${name}:${pairs.join(',')}`;
}

/** Numbers beyond a byte are addresses, sizes and numbers of calls: they are shown, as they are read, in hexadecimal. */
export const formatValue = (value: unknown): string =>
  typeof value === 'bigint' || (typeof value === 'number' && value > 0xff) ? `0x${value.toString(16)}` : String(value);

function parsePair(pair: string, text: string): [string, unknown] {
  const [, key, value] = /^\s*([a-z][\w-]*)=(.*?)\s*$/i.exec(pair) ?? [];
  if (key === undefined || value === undefined)
    throw new CheckstopError('CLI_BAD_PLUGIN_SPEC', `'${pair}' in '${text}' is no option; write key=value.`, {
      text,
      pair,
    });
  return [key, parseValue(value)];
}

function parseValue(text: string): unknown {
  if (text === 'true' || text === 'false') return text === 'true';
  return /^(0x[\da-f]+|-?\d+)$/i.test(text) ? Number(text) : text;
}
