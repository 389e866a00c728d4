import { comparedByDefault } from './catalogue.ts';
import { type Cell, type CellSpec, catalogueOf } from './cell.ts';
import type { Config } from './config.ts';
import { type OptionChoice, optionChoices } from './option-choices.ts';

/** What of a cell a step may change: not what strikes it, nor how many vCPUs there are, for these are the question. */
export const CHANGED_PARTS = ['strategy', 'guest', 'hypervisor', 'firmware'] as const;

/** One of them. */
export type ChangedPart = (typeof CHANGED_PARTS)[number];

/** A cell that differs from another in one thing. */
export interface Neighbour {
  readonly part: ChangedPart;
  /** The option that is changed; undefined: the whole part is exchanged for another of its kind. */
  readonly option?: string;
  readonly from: unknown;
  readonly to: unknown;
  /** What the option is about, as the plugin's schema says. */
  readonly description?: string;
  readonly spec: CellSpec;
}

type Given = Readonly<Record<string, unknown>>;

/**
 * All cells one step away: another value of one option of strategy, guest, hypervisor or firmware, as far as the plugins' schemas
 * say which there are; another strategy of those that a matrix compares; another guest or hypervisor. Which of them make sense their plugins say.
 */
export function neighbours(cell: Cell, config: Config = {}): Neighbour[] {
  const { spec, parts } = cell;
  const others = (part: 'strategy' | 'guest' | 'hypervisor', names: readonly string[]): Neighbour[] => {
    const { name: from, options } = spec[part];
    const kept = part === 'guest' && 'build' in options ? { build: options.build } : {};
    return names
      .filter((to) => to !== from)
      .map((to) => ({ part, from, to, spec: { ...spec, [part]: { name: to, options: kept } } }));
  };
  const steps = (part: ChangedPart, given: Given, change: (options: Given) => Partial<CellSpec>): Neighbour[] => {
    const { schema, options } = parts[part];
    const now = options as Given;
    return optionChoices(schema, now).flatMap(({ option, values, description, beside }: OptionChoice) =>
      values
        .filter((to) => to !== now[option])
        .map((to) => {
          const kept = Object.entries(given).filter(([name]) => beside?.get(to)?.includes(name) ?? true);
          return {
            ...{ part, option, from: now[option], to, ...(description && { description }) },
            spec: { ...spec, ...change({ ...Object.fromEntries(kept), [option]: to }) },
          };
        }),
    );
  };
  const optionsOf = (part: 'strategy' | 'guest' | 'hypervisor'): Neighbour[] =>
    steps(part, spec[part].options, (options) => ({ [part]: { ...spec[part], options } }));
  const catalogue = catalogueOf(config);
  return [
    ...optionsOf('strategy'),
    ...optionsOf('guest'),
    ...optionsOf('hypervisor'),
    ...steps('firmware', spec.profile, (profile) => ({ profile })),
    ...others('strategy', comparedByDefault(catalogue)),
    ...others('guest', Object.keys(catalogue.guest)),
    ...others('hypervisor', Object.keys(catalogue.hypervisor)),
  ];
}
