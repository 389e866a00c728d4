import type { Decided, Fairness, Result, Verdict } from '@checkstop/explorer';
import { type Machine, type Plugin, type PluginIdentity, type Property, scheduleLength } from '@checkstop/kernel';
import { livenessOf } from '@checkstop/report';
import { type Bounds, boundsOf } from './bounds.ts';
import { outcomesByPlace } from './coverage.ts';
import type { MutantVerdict } from './mutants.ts';
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
  readonly checksPerVcpu: number | 'unbounded';
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
  /** By response property and profile of fairness, if liveness was asked for. No part of the verdict. */
  readonly liveness?: Readonly<Record<string, LivenessVerdicts>>;
  /** The profile of fairness under which they were to hold, if one was demanded. */
  readonly fairness?: Fairness;
  /** What became of the deliberate mistakes that it was tried with, where it was. */
  readonly mutants?: readonly MutantVerdict[];
  /** By the place where some vCPU was: what struck there, and what became of it. Empty: nothing ever struck. */
  readonly coverage: Readonly<Record<string, readonly string[]>>;
  readonly states: number;
  readonly transitions: number;
  readonly seconds: number;
  readonly reductions: readonly string[];
  readonly visited: 'exact' | '128-bit';
}

/** A response property under each profile of fairness, and under `weak` in the same cell with locks that go to whoever has asked longest, if there is one. */
export type LivenessVerdicts = Readonly<Record<Fairness, LivenessVerdict>> & { readonly fifoLocks?: LivenessVerdict };

/** A response property under one profile of fairness. */
export interface LivenessVerdict {
  readonly verdict: Decided['verdict'];
  /** For `violated`: a way to a loop, and the loop, in which a check stays undelivered for ever. */
  readonly lasso?: {
    /** The vCPU whose check that is. */
    readonly vcpu: number;
    /** Machine checks in the stem. */
    readonly checks: number;
    /** Steps from `ready` to where the loop begins, and of one round; 0: no vCPU is able to step any more. */
    readonly stem: number;
    readonly loop: number;
    /** `checkstop replay TOKEN` runs stem and loop again, and checks that they are what they are said to be. */
    readonly token: string;
  };
}

/** Puts cells into the form that `--json` writes. */
export const verdicts = (runs: readonly CellRun[]): Verdicts => ({
  schema: 'checkstop.verdicts/1',
  cells: runs.map(cellVerdict),
});

/** One cell in the form that `--json` writes. */
export function cellVerdict({
  cell,
  machine,
  result,
  limits,
  fifoLocks,
  fairness,
  mutants,
  seconds,
}: CellRun): CellVerdict {
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
    properties: [...new Set(checkedProperties(machine, result).map(({ name }) => name))],
    verdict: result.verdict,
    ...(reason && { reason }),
    violations: result.violations.map(({ property, faults, steps, token }) => ({
      property,
      checks: faults,
      steps,
      token,
    })),
    ...(result.lassos && { liveness: livenessVerdicts(machine, result, fifoLocks) }),
    ...(fairness && { fairness }),
    ...(mutants && { mutants }),
    coverage: Object.fromEntries(outcomesByPlace(result)),
    states: hasStarted(result) ? result.states : 0,
    transitions: result.transitions,
    seconds,
    reductions: result.reductions,
    visited: result.visited,
  };
}

/** The properties that a search asked: response properties only if liveness was asked for. */
export const checkedProperties = ({ properties }: Machine, { lassos }: Result): readonly Property[] =>
  lassos ? properties : properties.filter(({ kind }) => kind !== 'response');

const livenessVerdicts = (
  { properties }: Machine,
  result: Result,
  inOrder?: CellRun,
): NonNullable<CellVerdict['liveness']> =>
  Object.fromEntries(
    livenessOf({ result, properties, ...(inOrder && { fifoLocks: inOrder }) }).map(
      ({ property, profiles: { none, weak, strong }, fifoLocks }) => [
        property,
        {
          ...{ none: livenessVerdict(none), weak: livenessVerdict(weak), strong: livenessVerdict(strong) },
          ...(fifoLocks && { fifoLocks: livenessVerdict(fifoLocks) }),
        },
      ],
    ),
  );

function livenessVerdict(decided: Decided): LivenessVerdict {
  if (decided.verdict !== 'violated') return { verdict: decided.verdict };
  const { agent, faults, stem, loop, token } = decided.lasso;
  const lasso = { vcpu: agent, checks: faults, stem: scheduleLength(stem), loop: scheduleLength(loop), token };
  return { verdict: 'violated', lasso };
}

export const identity = ({ name, version, options }: Plugin): PluginIdentity => ({ name, version, options });
