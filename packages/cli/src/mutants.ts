import type { Limits, Mode, Progress, Verdict } from '@checkstop/explorer';
import type { MutantOutcome, TriedMutant } from '@checkstop/report';
import type { Cell, MutatedCell } from './cell.ts';
import { isCheckstopError } from './complaint.ts';
import { type CellRun, runCell } from './run-cell.ts';

/** The verdict on a cell with a deliberate mistake in it; `property` is one that was meant to see it, if that did. */
export interface MutantVerdict extends TriedMutant {
  readonly verdict: Verdict;
}

/** How to be told of, and to stop, the searches. */
export interface MutantOptions {
  /** Whether each that makes a difference has to be seen, for the exit code and reports. Default false. */
  readonly required?: boolean;
  /** Asked between slices; once it says yes, what is left is left out. */
  readonly interrupted?: () => boolean;
  /** Told between slices, with the name of the mutant. */
  readonly onProgress?: (name: string, progress: Progress, seconds: number) => void;
}

/** How long to search with each mistake: a guest that runs wild has more states than are worth visiting. */
const LIMITS: Limits = { states: 300_000 };

/** A run with what became of the mutants that apply to its cell, if its verdict is that it holds: only that needs to be tried. */
export async function withMutants(run: CellRun, options: MutantOptions = {}): Promise<CellRun> {
  if (run.result.verdict !== 'holds') return run;
  const mutants: MutantVerdict[] = [];
  for (const { name } of run.cell.mutants) {
    if (options.interrupted?.()) break;
    const mutated = mutatedCell(run.cell, name);
    if (mutated) mutants.push(await tryMutant(mutated, options));
  }
  return { ...run, mutants, ...(options.required && { mutantsRequired: true }) };
}

/** Another plugin may have an option of the same name, and other values. */
function mutatedCell(cell: Cell, name: string): MutatedCell | undefined {
  try {
    return cell.mutate(name);
  } catch (error) {
    if (isCheckstopError(error) && error.code === 'PLUGIN_BAD_OPTION') return undefined;
    throw error;
  }
}

async function tryMutant(cell: MutatedCell, { interrupted, onProgress }: MutantOptions): Promise<MutantVerdict> {
  const { name, what, seenBy } = cell.mutation.mutant;
  const stopped = interrupted ?? (() => false);
  const search = (mode: Mode): Promise<CellRun> => {
    let seen = false;
    return runCell(cell, {
      mode,
      limits: LIMITS,
      interrupted: () => seen || stopped(),
      onProgress(progress, seconds) {
        seen = progress.suspected > 0;
        onProgress?.(name, progress, seconds);
      },
    });
  };
  // Seen once is enough; but where images are merged on trust, only a complete search could be sure of it.
  let run = await search('reduced');
  if (run.result.verdict === 'incomplete' && !run.result.limit) run = await search('closure');
  const { verdict, violations } = run.result;
  const seen = violations.find(({ property }) => seenBy.includes(property)) ?? violations[0];
  return {
    ...{ name, what, verdict, outcome: outcomeOf(verdict, cell.mutation.acted) },
    ...(seen && { property: seen.property, token: seen.token }),
  };
}

function outcomeOf(verdict: Verdict, acted: boolean): MutantOutcome {
  if (verdict === 'violated' || verdict === 'vacuous') return 'killed';
  if (verdict === 'incomplete') return 'undecided';
  return acted ? 'survived' : 'idle';
}
