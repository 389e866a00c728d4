import { parseArgs } from 'node:util';
import type { ArgDef, ArgsDef } from 'citty';

/** An option among arguments. */
interface TypedOption {
  /** The name that it is defined by. */
  readonly name: string;
  readonly value: string | undefined;
  /** The words that it takes. */
  readonly index: number;
  readonly words: number;
}

const takesValue = ({ type }: ArgDef): boolean => type === 'string' || type === 'enum';
const camel = (name: string): string => name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());

/**
 * The options among arguments: `--max-states`, which may be spelt `--maxStates`, or by an alias, and `--no-full`. citty alone takes what it
 * does not know, `--no-json` and `--full=maybe` for something.
 *
 * @throws Error saying which option is not known, lacks its value, or takes none
 */
function typedOptions(rawArgs: readonly string[], args: ArgsDef): TypedOption[] {
  const names = new Map<string, string>();
  const spelt: Record<string, { type: 'string' | 'boolean'; short?: string }> = {};
  for (const [name, arg] of Object.entries(args)) {
    if (arg.type === 'positional') continue;
    const aliases = 'alias' in arg ? [arg.alias ?? []].flat() : [];
    const short = aliases.find((alias) => alias.length === 1);
    for (const spelling of [name, camel(name), ...aliases]) names.set(spelling, name);
    const type = takesValue(arg) ? 'string' : 'boolean';
    spelt[camel(name)] = { type };
    spelt[name] = { type, ...(short !== undefined && { short }) };
  }
  const { tokens } = parseArgs({ args: [...rawArgs], options: spelt, strict: false, tokens: true });
  return tokens.flatMap((token): TypedOption[] => {
    if (token.kind !== 'option') return [];
    const { rawName: typed, value, index, inlineValue } = token;
    const asIs = names.get(token.name);
    const name = asIs ?? names.get(token.name.replace(/^no-/, ''));
    const arg = name === undefined ? undefined : args[name];
    if (name === undefined || !arg || (asIs === undefined && takesValue(arg)))
      throw new Error(`Unknown option '${typed}'`);
    // What follows, unless it is part of the same word, is an option of its own: `--json --full`.
    const lacksValue = value === undefined || value === '' || (!inlineValue && value.startsWith('--'));
    if (takesValue(arg) && lacksValue) throw new Error(`'${typed}' needs a value`);
    if (!takesValue(arg) && value !== undefined) throw new Error(`'${typed}' takes no value`);
    return [{ name, value, index, words: value === undefined || inlineValue ? 1 : 2 }];
  });
}

/** The options among arguments, by the names that they are defined by; `--no-x` is `x`. @throws as {@link typedOptions} does */
export const optionsIn = (rawArgs: readonly string[], args: ArgsDef): ReadonlySet<string> =>
  new Set(typedOptions(rawArgs, args).map(({ name }) => name));

/**
 * Joins the values of an option that is given more than once by blanks, since citty keeps the last and forgets the others.
 *
 * @throws Error saying which option is given more than once and may not be, and as {@link typedOptions} does
 */
export function joinRepeated(rawArgs: readonly string[], args: ArgsDef, repeatable: readonly string[]): string[] {
  const typed = typedOptions(rawArgs, args);
  const words: (string | undefined)[] = [...rawArgs];
  for (const [name, arg] of Object.entries(args)) {
    const given = takesValue(arg) ? typed.filter((option) => option.name === name) : [];
    const [first, ...others] = given;
    if (!first || others.length === 0) continue;
    if (!repeatable.includes(name)) throw new Error(`'--${name}' is given more than once`);
    for (const { index, words: count } of given) words.fill(undefined, index, index + count);
    words[first.index] = `--${name}=${given.map(({ value }) => value).join(' ')}`;
  }
  return words.filter((word) => word !== undefined);
}
