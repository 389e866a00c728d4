import { LARGEST_SAVE, readSaved } from '@checkstop/explorer';
import { CheckstopError } from '@checkstop/kernel';
import { machineArgs, searchArgs } from './args.ts';
import { type CellSpec, catalogueOf, parseCellSpec } from './cell.ts';
import type { Config } from './config.ts';
import { type Io, readInput } from './io.ts';
import { loadedParts } from './origin.ts';
import { outputFiles } from './output-files.ts';

/** Options of a command that can be cut short and gone on with. */
export const savedArgs = {
  save: {
    type: 'string',
    valueHint: 'file',
    description: 'Keep the search there when Ctrl-C or a limit ends it, to go on with it',
  },
  resume: {
    type: 'string',
    valueHint: 'file',
    description: 'Go on with the search in there, in place of STRATEGY GUEST; only limits and reports can be said anew',
  },
  trust: { type: 'boolean', description: 'Load and run the code that the file of --resume names by path or package' },
} as const;

const { config: _, ...machine } = machineArgs;
const { 'closure-only': closure, 'merging-only': merging, unreduced, liveness } = searchArgs;
/** What the file of --resume says, too. */
const FIXED: Readonly<Record<string, { readonly type: string; readonly default?: string }>> = {
  ...machine,
  ...{ 'closure-only': closure, 'merging-only': merging, unreduced, liveness, mutant: { type: 'string' } },
};

/** A search to go on with. */
export interface SavedSearch {
  readonly spec: CellSpec;
  readonly bytes: Uint8Array;
}

/**
 * Reads the file of --resume. Nothing that it names is run unless the user trusts it.
 *
 * @throws CheckstopError CLI_CONTRADICTION (something else says what the cell is, too), SAVE_LOADS_CODE, CLI_CANNOT_READ, TOKEN_NO_CELL
 * and those of readSaved
 */
export function readSavedSearch(
  args: Readonly<Record<string, unknown>> & { readonly resume: string },
  config: Config,
  io: Pick<Io, 'cwd'>,
): SavedSearch {
  const { resume: file, strategy, fairness } = args;
  const isSaid = (name: string): boolean => args[name] !== undefined && args[name] !== FIXED[name].default;
  const again = Object.keys(FIXED).find(isSaid);
  if (strategy !== undefined || again !== undefined) throw contradiction(file, again ? `--${again}` : 'STRATEGY');
  const bytes = readInput(io, file, LARGEST_SAVE);
  const saved = readSaved(bytes);
  if (fairness !== undefined && !saved.liveness) throw contradiction(file, '--fairness');
  const spec = parseCellSpec(saved.config);
  const loaded = loadedParts(spec, catalogueOf(config));
  if (loaded.length > 0 && args.trust !== true)
    throw new CheckstopError(
      'SAVE_LOADS_CODE',
      `The saved search names code that neither comes with the command nor stands in the configuration: ${loaded.join(', ')}. If you trust it, say --trust, and it is run.`,
      { loaded },
    );
  return { spec, bytes };
}

const contradiction = (file: string, what: string): CheckstopError =>
  new CheckstopError(
    'CLI_CONTRADICTION',
    `'--resume ${file}' says what is searched, and how; leave ${what} out, or begin a search of its own.`,
    { file },
  );

/** Writes the file of --save, known to be writable; undefined without it. @throws CheckstopError CLI_CANNOT_WRITE, CLI_BAD_ARGUMENT */
export function saveFile(io: Io, file: string | undefined): ((saved: Uint8Array) => void) | undefined {
  if (file === undefined) return undefined;
  if (file === '-')
    throw new CheckstopError('CLI_BAD_ARGUMENT', "'--save -' names no file: a saved search is nothing to be printed.");
  const { write } = outputFiles(io, { save: file });
  return (saved) => write('save', saved);
}
