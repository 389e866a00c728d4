import { CheckstopError, type Plugin } from '@checkstop/kernel';

/** Whose mistake it may be: the parts of a machine that decide how a check is delivered. */
export const PARTS = ['strategy', 'guest', 'firmware', 'hypervisor'] as const;

/** One of {@link PARTS}. */
export type Part = (typeof PARTS)[number];

/**
 * What a mutant is put into: the plugins of a machine, their options validated. `injector` lets checks strike, `resets` signals
 * system resets, where there are to be any.
 */
export type Subject = Readonly<Record<Part | 'injector', Plugin>> & { readonly resets?: Plugin };

/** Option to what it is when all is well, and what the mutant makes of it. */
export type OptionChanges = Readonly<Record<string, readonly [right: unknown, wrong: unknown]>>;

/**
 * Puts a mistake into a plugin.
 *
 * @param acted to be called whenever the mistake makes a difference: a mutant that never acted says nothing about who missed it
 * @returns a plugin that is, and does, the same but for the mistake; its state lies in the arena like any other's
 */
export type Alteration = (plugin: Plugin, acted: () => void) => Plugin;

/**
 * A deliberate mistake: a machine with it is another machine, really executed, and some property must see that. It is made of
 * options that plugins have for the purpose, or of alterations of what plugins do, which need nothing of them.
 */
export interface Mutant {
  /** As command lines and verdicts say it: words in small letters with hyphens. */
  readonly name: string;
  /** The mistake in words. */
  readonly what: string;
  /** Names of properties, any of which may be the one that sees it. */
  readonly seenBy: readonly string[];
  /** What else must be so that the mistake can be seen: more than one vCPU, say. Default: nothing. */
  applies?(subject: Subject): boolean;
  readonly options?: Readonly<Partial<Record<Part, OptionChanges>>>;
  readonly alter?: Readonly<Partial<Record<Part, Alteration>>>;
}

/** Gives a mutant its type; returns it as it is. @throws CheckstopError MUTANT_EMPTY when it changes nothing */
export function defineMutant(mutant: Mutant): Mutant {
  if (!mutant.options && !mutant.alter)
    throw new CheckstopError(
      'MUTANT_EMPTY',
      `The mutant '${mutant.name}' changes nothing; give it 'options' or 'alter'.`,
      {
        mutant: mutant.name,
      },
    );
  return mutant;
}

/** Whether this mutant is one of that machine: the options it changes are there, and right, and what it asks for beside them is so. */
export const appliesTo = (mutant: Mutant, subject: Subject): boolean =>
  PARTS.every((part) =>
    Object.entries(mutant.options?.[part] ?? {}).every(([key, [right]]) => optionsOf(subject[part])[key] === right),
  ) &&
  (mutant.applies?.(subject) ?? true);

/** The options with which a part has the mistake, beside those it has anyway; none where the mistake is not in options of this part. */
export const wrongOptions = ({ options }: Mutant, part: Part): Record<string, unknown> =>
  Object.fromEntries(Object.entries(options?.[part] ?? {}).map(([key, [, wrong]]) => [key, wrong]));

/** The plugin of a part with the mistake; the plugin itself where the mistake is elsewhere. See {@link Alteration} for `acted`. */
export const alterPart = ({ alter }: Mutant, part: Part, plugin: Plugin, acted: () => void): Plugin =>
  alter?.[part]?.(plugin, acted) ?? plugin;

/** The validated options of a plugin. */
export const optionsOf = ({ options }: Plugin): Readonly<Record<string, unknown>> =>
  options as Readonly<Record<string, unknown>>;
