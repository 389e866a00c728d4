import { injectChecks, injectResets } from '@checkstop/hypervisor';
import { machineReset, migration } from '@checkstop/hypervisor-qemu';
import { CheckstopError, createMachine, type Machine, type Plugin } from '@checkstop/kernel';
import { alterPart, appliesTo, type Mutant, mutants, type Part, wrongOptions } from '@checkstop/mutants';
import { ppc64 } from '@checkstop/ppc-core';
import { fwnmi } from '@checkstop/rtas-fwnmi';
import * as v from 'valibot';
import { builtIn, type Catalogue, extend, type PluginFactory } from './catalogue.ts';
import { type Config, configFile, configPlugins, reloadConfig } from './config.ts';
import { foreignParts, loadedParts } from './origin.ts';
import { exactOptions, type PluginSpec } from './plugin-spec.ts';
import { resolveFactory } from './resolve-plugin.ts';

/** Everything that makes a cell what it is, as plain data: replay tokens carry it. */
export interface CellSpec {
  readonly strategy: PluginSpec;
  readonly guest: PluginSpec;
  readonly hypervisor: PluginSpec;
  readonly vcpus: number;
  /** Options of the firmware (`fwnmi`), before those of a strategy that is a preset: the reading of the contract that the cell is judged by. */
  readonly profile: PluginSpec['options'];
  /** Options of `injectChecks`: how many checks on each vCPU, and of which kind. */
  readonly checks: PluginSpec['options'] & { readonly perVcpu: number | 'unbounded' };
  /** How many system resets may be signalled to each vCPU; none when left out. */
  readonly resets?: number;
  /** Options of `migration`, where the machine may be migrated. */
  readonly migration?: PluginSpec['options'];
  /** Options of `machineReset`, where the machine may be reset. */
  readonly machineReset?: PluginSpec['options'];
  /** The deliberate mistake that is in it, by name; none when left out. */
  readonly mutant?: string;
}

/** No record of valibot's, which leaves out `constructor` and its like: what a plugin does not know, it refuses itself. */
const options = v.pipe(
  v.custom<PluginSpec['options']>((input) => typeof input === 'object' && input !== null && !Array.isArray(input)),
  v.transform(exactOptions),
);
const plugin = v.strictObject({ name: v.string(), options });
const checks = v.pipe(
  options,
  v.custom<CellSpec['checks']>((input) => {
    const { perVcpu } = input as PluginSpec['options'];
    return typeof perVcpu === 'number' || perVcpu === 'unbounded';
  }),
);
const schema: v.GenericSchema<unknown, CellSpec> = v.strictObject({
  ...{ strategy: plugin, guest: plugin, hypervisor: plugin },
  ...{ vcpus: v.number(), profile: options, checks },
  resets: v.exactOptional(v.number()),
  migration: v.exactOptional(options),
  machineReset: v.exactOptional(options),
  mutant: v.exactOptional(v.string()),
});

/** Reads a cell out of a token. @throws CheckstopError TOKEN_NO_CELL */
export function parseCellSpec(data: unknown): CellSpec {
  const parsed = v.safeParse(schema, data);
  if (parsed.success) return parsed.output;
  throw new CheckstopError(
    'TOKEN_NO_CELL',
    'The token was not made by this command: it does not say which strategy and guest it is about.',
  );
}

/** The plugins of a cell by the part they play. */
export type Parts = Readonly<Record<'strategy' | 'guest' | 'hypervisor' | 'firmware' | 'injector', Plugin>> & {
  /** Signals system resets, where there are to be any. */
  readonly resets?: Plugin;
  readonly migration?: Plugin;
  readonly machineReset?: Plugin;
};

/** A cell whose plugins have been found and have accepted their options: makes as many equal machines as one likes. */
export interface Cell {
  readonly spec: CellSpec;
  readonly parts: Parts;
  /** Those of its parts, in words, whose code was loaded by name: a token that names them is code to be trusted. */
  readonly loaded: readonly string[];
  /** The configuration that was named for it, if one was: a replay has to name it, too. */
  readonly configFile?: string;
  /** Those, in words, that do not come with the command. */
  readonly foreign: readonly string[];
  /** The mistakes that can be put into it: those of the library and of the configuration that apply to its parts. */
  readonly mutants: readonly Mutant[];
  /** The mistake that is in it. */
  readonly mutation?: Mutation;
  /**
   * The same cell with one of the {@link Cell.mutants} in it.
   *
   * @throws CheckstopError CLI_UNKNOWN_MUTANT, PLUGIN_BAD_OPTION
   */
  mutate(name: string): MutatedCell;
  /** The same cell with locks that go to whoever has asked longest; undefined if they do already, or its hypervisor has none such. */
  fifoLocks(): Cell | undefined;
  /**
   * The same cell of code that has not run yet: whatever comes from outside is loaded anew, so that no variable of it remembers
   * what other machines did.
   *
   * @throws CheckstopError as {@link prepareCell} does
   */
  fresh(): Promise<Cell>;
  /** A machine at reset: nothing has run. @throws CheckstopError of kernel and plugins */
  compose(): Machine;
  /** A machine at the guest's `ready`: booted round robin, without checks. @throws CheckstopError BOOT_NEVER_READY */
  boot(): Machine;
}

/** A deliberate mistake in a cell. */
export interface Mutation {
  readonly mutant: Mutant;
  /** Whether it has made a difference yet in any of the cell's machines. */
  readonly acted: boolean;
}

/** A cell with a deliberate mistake in it. */
export type MutatedCell = Cell & { readonly mutation: Mutation };

/**
 * Finds the plugins of a cell. `cwd` is where paths among their names start; `anew` loads code from outside as if for the first time.
 *
 * @throws CheckstopError CLI_UNKNOWN_PLUGIN, CLI_NO_PLUGIN, CLI_CONTRADICTION, CLI_UNKNOWN_MUTANT, PLUGIN_BAD_OPTION
 */
export async function prepareCell(
  spec: CellSpec,
  config: Config = {},
  cwd: string = process.cwd(),
  anew = false,
): Promise<Cell> {
  refuseContradiction(spec);
  const catalogue = catalogueOf(config);
  const find = (kind: 'strategy' | 'guest' | 'hypervisor'): Promise<PluginFactory> =>
    resolveFactory(catalogue, kind, spec[kind].name, cwd, anew);
  const [strategy, guest, hypervisor] = await Promise.all([find('strategy'), find('guest'), find('hypervisor')]);
  const { mutant, ...sound } = spec;
  const cell = cellOf(sound, { strategy, guest, hypervisor }, config, cwd);
  return mutant === undefined ? cell : cell.mutate(mutant);
}

function cellOf(
  spec: CellSpec,
  factories: Readonly<Record<'strategy' | 'guest' | 'hypervisor', PluginFactory>>,
  config: Config,
  cwd: string,
  mutation?: { readonly mutant: Mutant; acted: boolean },
): Cell {
  const make = (part: Part, factory: PluginFactory, options: PluginSpec['options']): Plugin => {
    if (!mutation) return factory(options);
    const { mutant } = mutation;
    const acted = (): void => {
      mutation.acted = true;
    };
    return alterPart(mutant, part, factory({ ...options, ...wrongOptions(mutant, part) }), acted);
  };
  const { strategy, guest, hypervisor } = factories;
  const parts = (): Parts => ({
    strategy: make('strategy', strategy, spec.strategy.options),
    guest: make('guest', guest, spec.guest.options),
    hypervisor: make('hypervisor', hypervisor, { vcpus: spec.vcpus, ...spec.hypervisor.options }),
    firmware: make('firmware', fwnmi as PluginFactory, { ...strategy.firmware, ...spec.profile }),
    injector: (injectChecks as PluginFactory)(spec.checks),
    ...(spec.resets && { resets: (injectResets as PluginFactory)({ perVcpu: spec.resets }) }),
    ...(spec.migration && { migration: (migration as PluginFactory)(spec.migration) }),
    ...(spec.machineReset && { machineReset: (machineReset as PluginFactory)(spec.machineReset) }),
  });
  const compose = (): Machine =>
    createMachine({ plugins: [ppc64(), ...Object.values(parts()), ...configPlugins(config)] });
  const subject = parts();
  const own = config.mutants ?? [];
  const known = [...own, ...mutants.filter(({ name }) => !own.some((other) => other.name === name))];
  const file = configFile(config);
  const applicable = mutation ? [] : known.filter((mutant) => appliesTo(mutant, subject));
  return {
    spec,
    loaded: loadedParts(spec, catalogueOf(config)),
    ...(file !== undefined && { configFile: file }),
    foreign: foreignParts(spec, catalogueOf(config), config),
    fifoLocks() {
      const { fifoLocks = {} } = hypervisor;
      const now = subject.hypervisor.options as Readonly<Record<string, unknown>>;
      if (Object.entries(fifoLocks).every(([name, value]) => now[name] === value)) return undefined;
      const { name, options } = spec.hypervisor;
      const inOrder = { ...spec, hypervisor: { name, options: { ...options, ...fifoLocks } } };
      return cellOf(inOrder, factories, config, cwd, mutation);
    },
    fresh: async () => prepareCell(spec, await reloadConfig(config), cwd, true),
    parts: subject,
    mutants: applicable,
    ...(mutation && { mutation }),
    mutate(name) {
      const mutant = applicable.find((other) => other.name === name);
      if (!mutant) throw unknownMutant(name, applicable);
      const put = { mutant, acted: !mutant.alter };
      return { ...cellOf({ ...spec, mutant: name }, factories, config, cwd, put), mutation: put };
    },
    compose,
    boot: () => {
      const machine = compose();
      machine.boot({ maxSteps: BOOT_STEPS });
      return machine;
    },
  };
}

const unknownMutant = (name: string, applicable: readonly Mutant[]): CheckstopError =>
  new CheckstopError(
    'CLI_UNKNOWN_MUTANT',
    `There is no mutant '${name}' of this cell; there are ${applicable.map((mutant) => mutant.name).join(', ')}.`,
    { name },
  );

/** How many vCPUs there are is said twice where somebody gives it to the hypervisor, too. */
function refuseContradiction({ vcpus, hypervisor }: CellSpec): void {
  const { vcpus: said = vcpus } = hypervisor.options;
  if (said !== vcpus)
    throw new CheckstopError(
      'CLI_CONTRADICTION',
      `The cell has ${vcpus} vCPUs, but the options of its hypervisor say ${said}; leave it out there and say --vcpus ${said}.`,
      { cell: vcpus, hypervisor: said },
    );
}

/** Steps a guest may take to get ready: the built-in ones take a few thousand. */
const BOOT_STEPS = 1_000_000;

/** The built-in plugins and the configuration's. */
export const catalogueOf = (config: Config): Catalogue =>
  extend(builtIn, {
    ...(config.strategies && { strategy: config.strategies }),
    ...(config.guests && { guest: config.guests }),
    ...(config.hypervisors && { hypervisor: config.hypervisors }),
  });
