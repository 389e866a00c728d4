import { DEFAULT_LIMITS, type Limits, type Mode } from '@checkstop/explorer';
import type { Machine } from '@checkstop/kernel';
import { counted } from '@checkstop/report';
import type { Cell } from './cell.ts';
import { formatPluginSpec, formatValue } from './plugin-spec.ts';
import { count } from './progress.ts';
import { searchText } from './reductions.ts';
import { unusualOptions } from './unusual.ts';

/** What a verdict is bounded by, as it stands in the JSON. */
export interface Bounds {
  readonly vcpus: number;
  /** Options of the injected checks: how many for each vCPU, of which kind. */
  readonly checks: unknown;
  /** Options of the injected system resets, where there are any. */
  readonly resets?: unknown;
  /** Options of migration and of machine reset, where there may be one. */
  readonly migration?: unknown;
  readonly machineReset?: unknown;
  /** Where they may strike. */
  readonly window: string;
  /** Instructions of the guest's one pass of work. */
  readonly workInstructions: number;
  readonly memory: 'sequentially consistent';
  readonly timers: 'none';
  /** Where the search would have given up: states stored, bytes of its tables, steps executed, milliseconds. */
  readonly limits: Readonly<Record<Exclude<keyof Limits, 'milliseconds'>, number>> & {
    /** null: however long it takes. */
    readonly milliseconds: number | null;
  };
}

/** Collects what a verdict on this machine, at the guest's `ready`, is bounded by. */
export function boundsOf(cell: Cell, machine: Machine, limits: Limits): Bounds {
  const { milliseconds, ...counted } = { ...DEFAULT_LIMITS, ...limits };
  return {
    vcpus: cell.spec.vcpus,
    checks: cell.parts.injector.options,
    ...(cell.parts.resets && { resets: cell.parts.resets.options }),
    ...(cell.parts.migration && { migration: cell.parts.migration.options }),
    ...(cell.parts.machineReset && { machineReset: cell.parts.machineReset.options }),
    window: checksWindow(cell),
    workInstructions: workInstructions(machine),
    memory: MEMORY,
    timers: TIMERS,
    limits: { ...counted, milliseconds: Number.isFinite(milliseconds) ? milliseconds : null },
  };
}

/** Columns of what a line is about. */
const LABEL = 'hypervisor '.length;

/** The same in lines for people, of the guest's many options only those that are not the default, of the profile's those and SPRG2 first; a single run has no limits to name, and only a search a mode. */
export function boundsLines(cell: Cell, machine: Machine, limits?: Limits, mode?: Mode): string[] {
  const { spec, parts } = cell;
  const unusual = unusualOptions(parts.guest);
  const { firmware } = parts;
  // A name stays where it was first put, whatever value comes after.
  const profile = { sprg2: undefined, ...unusualOptions(firmware), ...plain(firmware.options) };
  return [
    `hypervisor ${formatPluginSpec({ name: spec.hypervisor.name, options: plain(parts.hypervisor.options) })}`,
    `profile    ${pairs(profile)}`,
    `checks     ${pairs(parts.injector.options)}; ${checksWindow(cell)}`,
    ...(parts.resets ? [`resets     ${pairs(parts.resets.options)}; ${WINDOW}`] : []),
    ...(parts.migration ? [`migration  ${pairs(parts.migration.options)}; ${ANYTIME}`] : []),
    ...(parts.machineReset ? [`reset      ${pairs(parts.machineReset.options)}; ${ANYTIME}`] : []),
    `guest      ${formatPluginSpec({ name: spec.guest.name, options: unusual })}, all ${Object.keys(unusual).length > 0 ? 'other ' : ''}options default: one pass of work (${workInstructions(machine)} instructions), then idle`,
    ...(cell.mutation ? [`mutant     ${spec.mutant}: ${cell.mutation.mutant.what}`] : []),
    `bounds     ${MEMORY} memory, ${TIMERS === 'none' ? 'no' : TIMERS} timers`,
    ...(mode ? [`search     ${searchText(mode, machine)}`] : []),
    ...(limits ? [`limits     ${limitsText({ ...DEFAULT_LIMITS, ...limits })}`] : []),
  ];
}

/** The lines as they are printed: broken where one is wider than so many columns, and what goes on indented. */
export const boundsText = (lines: readonly string[], columns: number): string =>
  lines.map((line) => wrapped(line, columns)).join('\n');

function wrapped(line: string, columns: number): string {
  const rows: string[] = [];
  for (const part of line.split(/(?<=[,;]) /)) {
    const row = rows.at(-1);
    if (row !== undefined && `${row} ${part}`.length <= columns) rows[rows.length - 1] = `${row} ${part}`;
    else rows.push(row === undefined ? part : `${' '.repeat(LABEL)}${part}`);
  }
  return rows.join('\n');
}

const ANYTIME = 'between any two steps, from ready on';
const WINDOW = 'before every instruction of every vCPU, from ready on';
const checksWindow = ({ parts }: Cell): string =>
  plain(parts.injector.options).arrival === 'sync'
    ? 'at every access of every vCPU that can meet one, from ready on'
    : WINDOW;
const MEMORY = 'sequentially consistent';
const TIMERS = 'none';

const workInstructions = (machine: Machine): number => {
  const { work } = machine.use('guest');
  return (work.end - work.start) / 4;
};

const limitsText = ({ states, bytes, executions, milliseconds }: Required<Limits>): string =>
  [
    counted(states, 'state'),
    `${count(bytes / 2 ** 20)} MiB of tables`,
    `${count(executions)} steps executed`,
    Number.isFinite(milliseconds) ? `${count(milliseconds / 1000)} s` : 'no limit of time',
  ].join(', ');

const plain = (options: unknown): Record<string, unknown> => options as Record<string, unknown>;
const pairs = (options: unknown): string =>
  Object.entries(plain(options))
    .map(([name, value]) => `${name} ${formatValue(value)}`)
    .join(', ');
