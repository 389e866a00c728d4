import { setImmediate } from 'node:timers/promises';
import { type SampleOptions, type SampleProgress, type SampleResult, sample } from '@checkstop/explorer';
import type { Machine } from '@checkstop/kernel';
import type { Cell } from './cell.ts';
import { blaming, confirm } from './confirm.ts';
import { refuseHiddenState } from './hidden-state.ts';
import { deliveryOutcomes, placeOf } from './outcomes.ts';
import { slice } from './slice.ts';

/** How to sample a cell, and for how long. */
export interface SampleCellOptions
  extends Pick<SampleOptions, 'runs' | 'seed' | 'scheduler' | 'depth' | 'maxSteps' | 'maxReplays' | 'each'> {
  /** By the wall clock, composing and booting left out; default: no limit. */
  readonly milliseconds?: number;
  /** Asked between slices; once it says yes, what was found so far is the result. */
  readonly interrupted?: () => boolean;
  /** The machine has booted; the runs begin. */
  readonly onStart?: (cell: Cell, machine: Machine) => void;
  /** Told between slices. */
  readonly onProgress?: (progress: SampleProgress, seconds: number) => void;
}

/** A cell that was sampled. */
export interface SampledCell {
  readonly cell: Cell;
  readonly result: SampleResult;
  /** The machine at the guest's `ready`, where every run began. */
  readonly machine: Machine;
  /** What ended it before all runs were taken, or each property was seen violated. */
  readonly endedBy: 'milliseconds' | 'interrupted' | undefined;
  /** Composing, booting and running, by the wall clock. */
  readonly seconds: number;
}

/**
 * Boots a cell's machine and takes runs from there in slices, so that it can be watched and interrupted. Checks are counted by the
 * address of the instruction that they strike before.
 *
 * @throws CheckstopError STATE_OUTSIDE_ARENA when a plugin is caught with state where no token brings it back, EXPLORE_NOT_REPRODUCED when what was found does not come about again, SAMPLE_BAD_OPTION, and those of the machine's plugins
 */
export async function runSample(cell: Cell, options: SampleCellOptions = {}): Promise<SampledCell> {
  const { milliseconds = Number.POSITIVE_INFINITY, interrupted, onStart, onProgress, ...sampled } = options;
  const began = performance.now();
  const machine = cell.boot();
  const { vcpus } = machine.use('processor');
  onStart?.(cell, machine);
  if (!interrupted?.()) refuseHiddenState(machine);
  const sampling = sample(machine, {
    ...sampled,
    where: (agent) => placeOf(BigInt(vcpus[agent]?.nip ?? 0)),
    outcomes: deliveryOutcomes,
    config: cell.spec,
  });
  const started = performance.now();
  const endedBy = (): SampledCell['endedBy'] => {
    if (sampling.done) return undefined;
    if (interrupted?.()) return 'interrupted';
    return performance.now() - started > milliseconds ? 'milliseconds' : undefined;
  };
  while (!sampling.done && !endedBy()) {
    blaming(cell, () => slice(sampling));
    onProgress?.(sampling.progress(), (performance.now() - began) / 1000);
    await setImmediate();
  }
  const why = endedBy();
  const result = blaming(cell, () => sampling.result());
  await confirm(cell, result);
  return { cell, machine, result, endedBy: why, seconds: (performance.now() - began) / 1000 };
}
