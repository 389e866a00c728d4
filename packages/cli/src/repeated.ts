import { parseArgs } from 'node:util';
import type { ArgsDef } from 'citty';

/**
 * Joins the values of an option that is given more than once by blanks, since citty keeps the last and forgets the others.
 *
 * @throws Error saying which option is given more than once and may not be, or lacks its value
 */
export function joinRepeated(rawArgs: readonly string[], args: ArgsDef, repeatable: readonly string[]): string[] {
  const strings = Object.entries(args).filter(([, { type }]) => type === 'string');
  const { tokens } = parseArgs({
    args: [...rawArgs],
    options: Object.fromEntries(strings.map(([name]) => [name, { type: 'string' }])),
    strict: false,
    tokens: true,
  });
  const words: (string | undefined)[] = [...rawArgs];
  for (const [name] of strings) {
    const given = tokens.flatMap((token) => (token.kind === 'option' && token.name === name ? [token] : []));
    const [first, ...others] = given;
    if (!first || others.length === 0) continue;
    if (!repeatable.includes(name)) throw new Error(`'--${name}' is given more than once`);
    if (given.some(({ value }) => value === undefined)) throw new Error(`'--${name}' needs a value`);
    for (const { index, inlineValue } of given) words.fill(undefined, index, index + (inlineValue ? 1 : 2));
    words[first.index] = `--${name}=${given.map(({ value }) => value).join(' ')}`;
  }
  return words.filter((word) => word !== undefined);
}
