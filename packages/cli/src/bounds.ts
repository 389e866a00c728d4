import type { Limits } from '@checkstop/explorer';
import type { Machine } from '@checkstop/kernel';
import type { Cell } from './cell.ts';
import { formatPluginSpec, formatValue } from './plugin-spec.ts';

/** What a verdict is bounded by, as it stands in the JSON. */
export interface Bounds {
  readonly vcpus: number;
  /** Options of the injected checks: how many for each vCPU, of which kind. */
  readonly checks: unknown;
  /** Where they may strike. */
  readonly window: string;
  /** Instructions of the guest's one pass of work. */
  readonly workInstructions: number;
  readonly memory: 'sequentially consistent';
  readonly timers: 'none';
  readonly limits: Limits;
}

/** Collects what a verdict on this machine, at the guest's `ready`, is bounded by. */
export function boundsOf({ spec, parts }: Cell, machine: Machine, limits: Limits): Bounds {
  const { work } = machine.use('guest');
  return {
    vcpus: spec.vcpus,
    checks: parts.injector.options,
    window: 'before every instruction of every vCPU, from ready on',
    workInstructions: (work.end - work.start) / 4,
    memory: 'sequentially consistent',
    timers: 'none',
    limits,
  };
}

/** The same in lines for people. */
export function boundsLines(cell: Cell, machine: Machine, limits: Limits): string[] {
  const bounds = boundsOf(cell, machine, limits);
  const { spec, parts } = cell;
  const said = Object.entries(limits).map(([name, value]) => `${name} ${value}`);
  return [
    `hypervisor ${formatPluginSpec({ name: spec.hypervisor.name, options: plain(parts.hypervisor.options) })}`,
    `profile    ${pairs(parts.firmware.options)}`,
    `checks     ${pairs(bounds.checks)}; ${bounds.window}`,
    `guest      ${formatPluginSpec({ name: spec.guest.name, options: plain(parts.guest.options) })}: one pass of work (${bounds.workInstructions} instructions), then idle`,
    `bounds     ${bounds.memory} memory, no timers; ${said.length === 0 ? 'no limits beyond the defaults' : `limits: ${said.join(', ')}`}`,
  ];
}

const plain = (options: unknown): Record<string, unknown> => options as Record<string, unknown>;
const pairs = (options: unknown): string =>
  Object.entries(plain(options))
    .map(([name, value]) => `${name} ${formatValue(value)}`)
    .join(', ');
