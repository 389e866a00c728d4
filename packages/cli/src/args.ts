import { DEFAULT_LIMITS, FAIRNESS, type Fairness, type Limits, type Mode } from '@checkstop/explorer';
import { MAX_CHECK_LEVELS, MAX_RESETS } from '@checkstop/hypervisor';
import { CheckstopError } from '@checkstop/kernel';
import type { CellSpec } from './cell.ts';
import { wholeNumber } from './numbers.ts';
import { type PluginSpec, parsePairs, parsePluginSpec } from './plugin-spec.ts';

/** The two parts that a command about one cell takes by position. */
export const partArgs = {
  strategy: {
    type: 'positional',
    required: true,
    description: 'name, package or path, with :key=value,... for options',
  },
  guest: { type: 'positional', required: true, description: 'likewise' },
} as const;

/** Options that say what a machine is put together from, strategy and guest aside. */
export const machineArgs = {
  hypervisor: { type: 'string', default: 'qemu', valueHint: 'plugin', description: 'Hypervisor' },
  vcpus: { type: 'string', default: '2', valueHint: 'n', description: 'vCPUs, 1 to 8' },
  checks: {
    type: 'string',
    default: '1',
    valueHint: 'n',
    description: `Machine checks that may strike each vCPU, 0 to ${MAX_CHECK_LEVELS}, and no more than the guest lets nest; or unbounded: any number, one after another`,
  },
  resets: {
    type: 'string',
    default: '0',
    valueHint: 'n',
    description: `System resets that may be signalled to each vCPU, 0 to ${MAX_RESETS}`,
  },
  migrate: {
    type: 'string',
    valueHint: 'key=value,...',
    description: 'Lets the machine be migrated: policy, inFlight, decided, pause, carries, times',
  },
  'machine-reset': {
    type: 'string',
    valueHint: 'key=value,...',
    description: 'Lets the machine be reset, once: waitsFor, wakes, forgets',
  },
  profile: {
    type: 'string',
    valueHint: 'key=value,...',
    description: "The firmware's options: which reading of the contract",
  },
  inject: {
    type: 'string',
    valueHint: 'key=value,...',
    description: 'What the checks are: kind, recovered, address, arrival, afterKexec',
  },
  full: { type: 'boolean', description: 'Full guests instead of the brief builds' },
  config: {
    type: 'string',
    valueHint: 'file',
    description: 'Configuration; checkstop.config.ts (or .mts, .js, .mjs, .cjs) here if there is one',
  },
} as const;

/** Options that say how long and how to search. */
export const searchArgs = {
  'closure-only': { type: 'boolean', description: 'Fold local steps, but merge no states' },
  'merging-only': {
    type: 'boolean',
    description: 'Fold and merge, but tell apart states that differ in which vCPU is which',
  },
  unreduced: { type: 'boolean', description: 'Interleave every single step' },
  'max-states': {
    type: 'string',
    default: String(DEFAULT_LIMITS.states),
    valueHint: 'n',
    description: 'Give up a cell (incomplete, exit code 2) beyond so many states',
  },
  'max-memory': {
    type: 'string',
    default: String(DEFAULT_LIMITS.bytes / 2 ** 20),
    valueHint: 'MiB',
    description: 'Give up beyond so many MiB of search tables',
  },
  'max-executions': {
    type: 'string',
    default: String(DEFAULT_LIMITS.executions),
    valueHint: 'n',
    description: 'Give up after so many steps really executed (most are looked up)',
  },
  'max-seconds': {
    type: 'string',
    valueHint: 'n',
    description: 'Give up a cell after so many seconds; by default there is no limit of time',
  },
  liveness: {
    type: 'boolean',
    description:
      'Decide, too, whether every check is delivered in the end: under no, weak and strong fairness each, and with FIFO locks',
  },
  fairness: {
    type: 'string',
    valueHint: FAIRNESS.join('|'),
    description: 'The profile of fairness under which that must hold (else exit code 1); decides liveness',
  },
  progress: { type: 'boolean', description: 'Print progress although standard error is no terminal' },
} as const;

interface MachineValues {
  readonly hypervisor: string;
  readonly vcpus: string;
  readonly checks: string;
  readonly resets: string;
  readonly migrate?: string | undefined;
  readonly 'machine-reset'?: string | undefined;
  readonly inject: string | undefined;
  readonly profile: string | undefined;
  readonly full: boolean | undefined;
}

/** Makes a cell of names and options. @throws CheckstopError CLI_BAD_ARGUMENT, CLI_BAD_PLUGIN_SPEC, CLI_CONTRADICTION */
export function cellSpec(strategy: string, guest: string, args: MachineValues): CellSpec {
  const resets = wholeNumber('resets', args.resets, 0, MAX_RESETS);
  return {
    strategy: parsePluginSpec(strategy),
    guest: withBuild(parsePluginSpec(guest), args.full === true),
    hypervisor: parsePluginSpec(args.hypervisor),
    vcpus: wholeNumber('vcpus', args.vcpus, 1, 8),
    profile: parsePairs(args.profile ?? ''),
    checks: { ...injected(args.inject), perVcpu: checksOf(args.checks) },
    ...(resets > 0 && { resets }),
    ...(args.migrate !== undefined && { migration: parsePairs(args.migrate) }),
    ...(args['machine-reset'] !== undefined && { machineReset: parsePairs(args['machine-reset']) }),
  };
}

const checksOf = (text: string): CellSpec['checks']['perVcpu'] =>
  text === 'unbounded' ? text : wholeNumber('checks', text, 0, MAX_CHECK_LEVELS, ', or unbounded');

/** What the checks are; how many has an option of its own. */
function injected(text = ''): PluginSpec['options'] {
  const options = parsePairs(text);
  if ('perVcpu' in options)
    throw new CheckstopError(
      'CLI_CONTRADICTION',
      `'--inject ${text}' says how many checks there are, and so does --checks; leave perVcpu out and say --checks ${options.perVcpu}.`,
      { text },
    );
  return options;
}

function withBuild({ name, options }: PluginSpec, full: boolean): PluginSpec {
  const { build = 'full' } = options;
  if (full && build !== 'full')
    throw new CheckstopError(
      'CLI_CONTRADICTION',
      `'--full' asks for the full guest, but the options of ${name} say build=${build}; leave one of them out.`,
      { guest: name, build },
    );
  return { name, options: full ? { build, ...options } : options };
}

interface SearchValues {
  readonly 'closure-only': boolean | undefined;
  readonly 'merging-only': boolean | undefined;
  readonly unreduced: boolean | undefined;
  readonly 'max-states': string;
  readonly 'max-memory': string;
  readonly 'max-executions': string;
  readonly 'max-seconds': string | undefined;
  readonly liveness: boolean | undefined;
  readonly fairness: string | undefined;
}

/** How to search. */
interface SearchOptions {
  readonly mode: Mode;
  readonly limits: Limits;
  readonly liveness: boolean;
  readonly fairness?: Fairness;
}

const MODES = { unreduced: 'unreduced', 'closure-only': 'closure', 'merging-only': 'merged' } as const;

function modeOf(args: SearchValues): Mode {
  const [option, ...others] = (Object.keys(MODES) as (keyof typeof MODES)[]).filter((name) => args[name] === true);
  if (others.length > 0)
    throw new CheckstopError(
      'CLI_CONTRADICTION',
      `'--${option}' and '--${others[0]}' each say how much is reduced; leave one out.`,
      { options: [option, ...others] },
    );
  return option === undefined ? 'reduced' : MODES[option];
}

/** How to search, of the options that say so. @throws CheckstopError CLI_BAD_ARGUMENT, CLI_CONTRADICTION */
export function searchOptions(args: SearchValues): SearchOptions {
  const seconds = args['max-seconds'];
  const fairness = fairnessOf(args.fairness);
  return {
    liveness: args.liveness === true || fairness !== undefined,
    ...(fairness && { fairness }),
    mode: modeOf(args),
    limits: {
      states: wholeNumber('max-states', args['max-states'], 1, 1e9),
      bytes: 2 ** 20 * wholeNumber('max-memory', args['max-memory'], 1, 2 ** 20),
      executions: wholeNumber('max-executions', args['max-executions'], 1, 1e9),
      ...(seconds !== undefined && { milliseconds: 1000 * wholeNumber('max-seconds', seconds, 1, 1e9) }),
    },
  };
}

function fairnessOf(name: string | undefined): Fairness | undefined {
  const found = FAIRNESS.find((fairness) => fairness === name);
  if (found || name === undefined) return found;
  throw new CheckstopError(
    'CLI_BAD_ARGUMENT',
    `'--fairness ${name}' is no profile of fairness; give one of ${FAIRNESS.join(', ')}.`,
    { name },
  );
}

/** Names apart by blanks. @throws CheckstopError CLI_BAD_ARGUMENT when there is none */
export function names(option: string, text: string): string[] {
  const list = text.split(/\s+/).filter((name) => name !== '');
  if (list.length === 0)
    throw new CheckstopError('CLI_BAD_ARGUMENT', `'--${option}' names nothing; separate names by blanks.`);
  return list;
}
