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
  /** Tries one elsewhere, several of them at a time; undefined as of `tryNamed`. */
  readonly elsewhere?: (name: string) => Promise<MutantVerdict | undefined>;
}

/** How long to search with each mistake: a guest that runs wild has more states than are worth visiting. */
const LIMITS: Limits = { states: 300_000 };

/** A run with what became of the mutants that apply to its cell, if its verdict is that it holds: only that needs to be tried. */
export async function withMutants(run: CellRun, options: MutantOptions = {}): Promise<CellRun> {
  if (run.result.verdict !== 'holds') return run;
  const names = run.cell.mutants.map(({ name }) => name);
  const found: (MutantVerdict | undefined)[] = [];
  if (options.elsewhere) found.push(...(await Promise.all(names.map(options.elsewhere))));
  else for (const name of names) found.push(await tryNamed(run.cell, name, options));
  const mutants = found.filter((verdict) => verdict !== undefined);
  return { ...run, mutants, ...(options.required && { mutantsRequired: true }) };
}

/** Tries one mutant; undefined if it cannot be put in, or the user has asked to stop. */
export async function tryNamed(cell: Cell, name: string, options: MutantOptions): Promise<MutantVerdict | undefined> {
  const mutated = options.interrupted?.() ? undefined : mutatedCell(cell, name);
  return mutated && (await tryMutant(mutated, options));
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
  // Seen once is enough.
  const enough = ({ suspected }: Progress): boolean => suspected > 0;
  const search = (mode: Mode): Promise<CellRun> =>
    runCell(cell, {
      ...{ mode, limits: LIMITS, enough },
      ...(interrupted && { interrupted }),
      onProgress: (...told) => onProgress?.(name, ...told),
    });
  // Where images are merged on trust, though, only a complete search could be sure of it.
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
