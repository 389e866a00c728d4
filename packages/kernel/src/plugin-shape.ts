import { CheckstopError } from './error.ts';
import { PLUGIN_CONTRACT, type Plugin } from './plugin.ts';

/** One line of a trace, a table or a token has room for it, and shows it as it is: no spaces, nothing invisible. */
const NAME = /^[^\s\p{C}]{1,214}$/u;

const isNames = (value: unknown): boolean =>
  Array.isArray(value) && value.every((name: unknown) => typeof name === 'string');

/** Every field of a plugin: what it must be, in words and as a test. */
const FIELDS: readonly (readonly [keyof Plugin, string, (value: unknown) => boolean])[] = [
  ['contract', 'a number', (value) => typeof value === 'number'],
  ['name', 'a text of 1 to 214 characters without spaces', (value) => typeof value === 'string' && NAME.test(value)],
  ['version', 'a text', (value) => typeof value === 'string'],
  ['provides', 'a list of capabilities', isNames],
  ['requires', 'a list of capabilities', isNames],
  ['optional', 'a list of capabilities', isNames],
  ['agents', 'a number or undefined', (value) => value === undefined || typeof value === 'number'],
  ['setup', 'a function', (value) => typeof value === 'function'],
];

/**
 * Refuses what is no plugin of this kernel's contract: hand-made objects, factories that nobody called, promises of plugins.
 *
 * @throws CheckstopError PLUGIN_INVALID, PLUGIN_UNKNOWN_CONTRACT
 */
export function assertPlugin(value: unknown): asserts value is Plugin {
  const invalid = (what: string, details: Record<string, unknown> = {}): CheckstopError =>
    new CheckstopError('PLUGIN_INVALID', `${what}; make plugins with definePlugin.`, details);
  if (typeof value === 'function')
    throw invalid(`A function${value.name && ` '${value.name}'`} stands where a plugin should: call the factory`);
  if (typeof value !== 'object' || value === null) throw invalid(`A ${typeof value} stands where a plugin should`);
  const plugin = value as Partial<Plugin>;
  const name = typeof plugin.name === 'string' ? `'${plugin.name.slice(0, 214)}'` : 'without a name';
  // What else a plugin of another contract must have, that contract says.
  if (typeof plugin.contract === 'number' && plugin.contract !== PLUGIN_CONTRACT)
    throw new CheckstopError(
      'PLUGIN_UNKNOWN_CONTRACT',
      `Plugin ${name} ${plugin.version} was written for contract ${plugin.contract}; this kernel knows ${PLUGIN_CONTRACT}. Install a release of it for this kernel.`,
      { plugin: plugin.name, contract: plugin.contract },
    );
  for (const [field, expected, fits] of FIELDS) {
    if (fits(plugin[field])) continue;
    const found = plugin[field] === undefined ? `has no '${field}'` : `has '${field}' of the wrong kind`;
    throw invalid(`Plugin ${name} ${found}: expected ${expected}`, { plugin: plugin.name, field });
  }
}
