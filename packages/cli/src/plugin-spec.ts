import { CheckstopError } from '@checkstop/kernel';

/** Which plugin, by name, with which options: plain data, as it stands in verdicts and replay tokens. */
export interface PluginSpec {
  /** A name of the catalogue, a package, or a path. */
  readonly name: string;
  readonly options: Readonly<Record<string, unknown>>;
}

const SPEC = /^(.+?)(?::([a-z_][\w-]*=.*))?$/i;

/** What was to be options, perhaps, but has no value. */
const CUT_SHORT = /:([a-z_][\w-]*)?$/i;

/**
 * Reads `name` or `name:key=value,key=value`. Values are numbers (decimal or 0x; a bigint where a number would not be exact),
 * `true`, `false`, or text.
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
  const cut = list === undefined ? CUT_SHORT.exec(name) : undefined;
  if (cut)
    throw new CheckstopError(
      'CLI_BAD_PLUGIN_SPEC',
      `'${cut[1] ?? ''}' in '${text}' is no option; write key=value behind the colon, or leave the colon out.`,
      { text },
    );
  return { name, options: parsePairs(list ?? '') };
}

/**
 * Reads `key=value,key=value`, or nothing; values as in {@link parsePluginSpec}.
 *
 * @throws CheckstopError CLI_BAD_PLUGIN_SPEC (a pair is none, or a key is given twice)
 */
export function parsePairs(text: string): Record<string, unknown> {
  const pairs = new Map<string, unknown>();
  for (const pair of text === '' ? [] : text.split(',')) {
    const [key, value] = parsePair(pair, text);
    if (pairs.has(key))
      throw new CheckstopError('CLI_BAD_PLUGIN_SPEC', `'${key}' is given more than once in '${text}'; say which.`, {
        text,
        key,
      });
    pairs.set(key, value);
  }
  return Object.fromEntries(pairs);
}

/** Writes what {@link parsePluginSpec} reads. */
export function formatPluginSpec({ name, options }: PluginSpec): string {
  const pairs = Object.entries(options).map(([key, value]) => `${key}=${formatValue(value)}`);
  return pairs.length === 0 ? name : `${name}:${pairs.join(',')}`;
}

/** Numbers beyond a byte are addresses, sizes and numbers of calls: they are shown, as they are read, in hexadecimal. */
export const formatValue = (value: unknown): string =>
  typeof value === 'bigint' || (typeof value === 'number' && value > 0xff) ? hexadecimal(value) : String(value);

const hexadecimal = (value: number | bigint): string =>
  value < 0 ? `-0x${(-value).toString(16)}` : `0x${value.toString(16)}`;

function parsePair(pair: string, text: string): [string, unknown] {
  const [, key, value] = /^\s*([a-z_][\w-]*)=(.*?)\s*$/i.exec(pair) ?? [];
  if (key === undefined || value === undefined)
    throw new CheckstopError('CLI_BAD_PLUGIN_SPEC', `'${pair}' in '${text}' is no option; write key=value.`, {
      text,
      pair,
    });
  return [key, parseValue(value)];
}

function parseValue(text: string): unknown {
  if (text === 'true' || text === 'false') return text === 'true';
  const [, sign, digits] = /^(-?)(0x[\da-f]+|\d+)$/i.exec(text) ?? [];
  if (digits === undefined) return text;
  const value = sign ? -BigInt(digits) : BigInt(digits);
  return Number.isSafeInteger(Number(value)) ? Number(value) : value;
}

/** JSON has no bigint: as a member of a document, one is the text that {@link exactOptions} reads. For `JSON.stringify`. */
export const bigintText = (_key: string, value: unknown): unknown =>
  typeof value === 'bigint' ? formatValue(value) : value;

/** Options as they came out of JSON: the texts of numbers that a `number` cannot hold are bigints again. */
export const exactOptions = (options: PluginSpec['options']): PluginSpec['options'] =>
  Object.fromEntries(
    Object.entries(options).map(([key, value]) => {
      const read = typeof value === 'string' ? parseValue(value) : value;
      return [key, typeof read === 'bigint' ? read : value];
    }),
  );
