import type { Verdict } from '@checkstop/explorer';
import type { Plugin, PluginIdentity } from '@checkstop/kernel';
import { type Bounds, boundsOf } from './bounds.ts';
import { type EndedBy, endedBy, hasStarted } from './report.ts';
import type { CellRun } from './run-cell.ts';

/** What `--json` writes: one entry for each cell. */
export interface Verdicts {
  readonly schema: 'checkstop.verdicts/1';
  readonly cells: readonly CellVerdict[];
}

/** The verdict on one cell, with everything it depends on. */
export interface CellVerdict {
  readonly strategy: PluginIdentity;
  readonly guest: PluginIdentity;
  readonly hypervisor: PluginIdentity;
  /** The firmware's options: the reading of the contract that the cell is judged by. */
  readonly profile: unknown;
  /** What the guest is put through. */
  readonly scenario: string;
  readonly vcpus: number;
  readonly checksPerVcpu: number;
  readonly bounds: Bounds;
  /** Every property that was checked. */
  readonly properties: readonly string[];
  readonly verdict: Verdict;
  /** What ended a search that is not complete: a limit by its name in `bounds.limits`, or the user. */
  readonly reason?: EndedBy;
  readonly violations: readonly {
    readonly property: string;
    /** Machine checks in the counterexample. */
    readonly checks: number;
    /** Its steps that another vCPU could notice. */
    readonly steps: number;
    /** `checkstop replay TOKEN` runs it again. */
    readonly token: string;
  }[];
  readonly states: number;
  readonly transitions: number;
  readonly seconds: number;
  readonly reductions: readonly string[];
  readonly visited: 'exact' | '128-bit';
}

/** Puts cells into the form that `--json` writes. */
export const verdicts = (runs: readonly CellRun[]): Verdicts => ({
  schema: 'checkstop.verdicts/1',
  cells: runs.map(cellVerdict),
});

function cellVerdict({ cell, machine, result, limits, seconds }: CellRun): CellVerdict {
  const { parts, spec } = cell;
  const reason = endedBy(result);
  return {
    strategy: identity(parts.strategy),
    guest: identity(parts.guest),
    hypervisor: identity(parts.hypervisor),
    profile: parts.firmware.options,
    scenario: 'one pass of work',
    vcpus: spec.vcpus,
    checksPerVcpu: spec.checks.perVcpu,
    bounds: boundsOf(cell, machine, limits),
    properties: [...new Set(machine.properties.map(({ name }) => name))],
    verdict: result.verdict,
    ...(reason && { reason }),
    violations: result.violations.map(({ property, faults, steps, token }) => ({
      property,
      checks: faults,
      steps,
      token,
    })),
    states: hasStarted(result) ? result.states : 0,
    transitions: result.transitions,
    seconds,
    reductions: result.reductions,
    visited: result.visited,
  };
}

export const identity = ({ name, version, options }: Plugin): PluginIdentity => ({ name, version, options });
