import type { SampleResult } from '@checkstop/explorer';
import type { PluginIdentity } from '@checkstop/kernel';
import { counted } from '@checkstop/report';
import { type Bounds, boundsOf } from './bounds.ts';
import type { Io } from './io.ts';
import { count } from './progress.ts';
import type { SampleCellOptions, SampledCell } from './run-sample.ts';
import { replayLine, story } from './story.ts';
import { identity } from './verdicts.ts';

/** How to sample, with nothing left open. */
export type Sampled = Required<
  Pick<SampleCellOptions, 'seed' | 'runs' | 'depth' | 'maxSteps' | 'maxReplays' | 'each'>
> & { readonly scheduler: 'pct' | 'random' | 'round-robin'; readonly milliseconds?: number };

/** What `checkstop sample --json` writes. */
export interface SampleReport {
  readonly schema: 'checkstop.sample/1';
  readonly strategy: PluginIdentity;
  readonly guest: PluginIdentity;
  readonly hypervisor: PluginIdentity;
  /** The firmware's options: the reading of the contract that the cell is judged by. */
  readonly profile: unknown;
  readonly bounds: Omit<Bounds, 'limits'>;
  /** Every option there is, and what followed from them. */
  readonly sampling: Omit<Sampled, 'milliseconds'> & {
    /** null: however long it takes. */
    readonly milliseconds: number | null;
    readonly expectedSteps: number;
  };
  /** Never `holds`. */
  readonly verdict: SampleResult['verdict'];
  /** What ended it early, if anything did. */
  readonly reason?: NonNullable<SampledCell['endedBy']>;
  readonly violations: readonly {
    readonly property: string;
    readonly text: string;
    readonly checks: number;
    readonly preemptions: number;
    readonly steps: number;
    readonly run: number;
    readonly seed: number;
    readonly found: { readonly checks: number; readonly preemptions: number; readonly steps: number };
    readonly token: string;
  }[];
  readonly runs: number;
  readonly ends: SampleResult['ends'];
  readonly steps: number;
  /** Addresses of instructions before which a check could have struck in some run, and whether one did. */
  readonly coverage: { readonly struck: readonly string[]; readonly never: readonly string[] };
  readonly seconds: number;
}

/** Puts what was found into the form that `--json` writes. */
export function sampleReport({ cell, machine, result, endedBy, seconds }: SampledCell, sampled: Sampled): SampleReport {
  const { parts } = cell;
  const { limits: _, ...bounds } = boundsOf(cell, machine, {});
  const places = (struck: boolean): string[] =>
    result.coverage.flatMap(({ where, tags }) => (tags.includes('check') === struck ? [where] : []));
  const { milliseconds = null, ...options } = sampled;
  return {
    schema: 'checkstop.sample/1',
    strategy: identity(parts.strategy),
    guest: identity(parts.guest),
    hypervisor: identity(parts.hypervisor),
    profile: parts.firmware.options,
    bounds,
    sampling: { ...options, milliseconds, expectedSteps: result.expectedSteps },
    verdict: result.verdict,
    ...(endedBy && { reason: endedBy }),
    violations: result.violations.map(({ faults, found, property, text, preemptions, steps, run, seed, token }) => ({
      ...{ property, text, checks: faults, preemptions, steps, run, seed },
      found: { checks: found.faults, preemptions: found.preemptions, steps: found.steps },
      token,
    })),
    runs: result.runs,
    ends: result.ends,
    steps: result.steps,
    coverage: { struck: places(true), never: places(false) },
    seconds,
  };
}

/** How it is sampled, in lines; the seed first, so that even a run that dies has told it. */
export function samplingLines({
  seed,
  scheduler,
  depth,
  runs,
  maxSteps,
  maxReplays,
  each,
  milliseconds,
}: Sampled): string[] {
  const time = milliseconds === undefined ? 'no limit of time' : `${count(milliseconds / 1000)} s`;
  const until = each ? 'until each property was seen violated' : 'until the first violation';
  return [
    `seed       ${seed}`,
    `scheduler  ${scheduler === 'pct' ? `pct, depth ${depth}` : scheduler}; checks rather where none struck before`,
    `runs       ${count(runs)} at most, ${until}; ${counted(maxSteps, 'step')} each, ${counted(maxReplays, 'replay')} to make one smaller, ${time}`,
  ];
}

/** The verdict in its colour, what it rests on, and what it does not say. */
export function sampledText({ result, endedBy, seconds }: SampledCell, { colors }: Pick<Io, 'colors'>): string {
  const { verdict, violations, runs, steps, ends, expectedSteps } = result;
  const what =
    verdict === 'violated'
      ? `${colors.red('violated')} ${violations.map(({ property }) => property).join(', ')}`
      : colors.yellow('incomplete');
  const early = { milliseconds: ' The limit of time was met.', interrupted: ' It was interrupted.' };
  const cut = ends.limit > 0 ? ` ${counted(ends.limit, 'run')} met the limit of steps.` : '';
  const none =
    verdict === 'incomplete'
      ? ' No run violated anything. That is no proof: other runs may; checkstop explore takes all.'
      : '';
  return (
    `${what}: ${counted(runs, 'run')}, ${counted(steps, 'step')}, ${seconds.toFixed(2)} s\n` +
    `A run was expected to take ${counted(expectedSteps, 'step')}.${cut}${endedBy ? early[endedBy] : ''}${none}\n`
  );
}

/** A violation in full: how it was found, the run as small as it was made, and how to run it again. */
export function sampledViolationText(
  { machine, cell }: SampledCell,
  { property, text, schedule, token, run, seed, ...violation }: SampleResult['violations'][number],
  io: Pick<Io, 'colors' | 'columns'>,
): string {
  const { found, faults, preemptions, steps, replays } = violation;
  const cost = (checks: number, turns: number): string =>
    `${counted(checks, 'check')}, ${counted(turns, 'preemption')}`;
  return (
    `${io.colors.bold(property)}: ${text}\n` +
    `found in run ${run}, seed ${seed}: ${cost(found.faults, found.preemptions)}, ${counted(found.steps, 'step')}\n` +
    `(${cost(faults, preemptions)}, ${counted(steps, 'visible step')}, minimised in ${counted(replays, 'replay')}; shorter ones may exist)\n` +
    `${story(machine, schedule, io)}\n\n${replayLine(token, cell)}\n`
  );
}
