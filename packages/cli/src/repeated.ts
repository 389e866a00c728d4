import { parseArgs } from 'node:util';
import type { ArgsDef } from 'citty';

/** The options among arguments, by the names that they are defined by; `--no-x` is `x`. */
export const optionsIn = (rawArgs: readonly string[], args: ArgsDef): ReadonlySet<string> =>
  new Set(
    tokensOf(rawArgs, args).flatMap((token) =>
      token.kind === 'option' ? [kebab(token.name.replace(/^no-/, ''))] : [],
    ),
  );

/** How an option is spelt that is typed as `maxStates`. */
export const kebab = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/**
 * Joins the values of an option that is given more than once by blanks, since citty keeps the last and forgets the others.
 *
 * @throws Error saying which option is given more than once and may not be, or lacks its value
 */
export function joinRepeated(rawArgs: readonly string[], args: ArgsDef, repeatable: readonly string[]): string[] {
  const tokens = tokensOf(rawArgs, args);
  const words: (string | undefined)[] = [...rawArgs];
  for (const [name] of stringsOf(args)) {
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

const stringsOf = (args: ArgsDef) => Object.entries(args).filter(([, { type }]) => type === 'string');

const tokensOf = (rawArgs: readonly string[], args: ArgsDef) =>
  parseArgs({
    args: [...rawArgs],
    options: Object.fromEntries(stringsOf(args).map(([name]) => [name, { type: 'string' as const }])),
    strict: false,
    tokens: true,
  }).tokens;
