import { LARGEST_SAVE, readSaved } from '@checkstop/explorer';
import { CheckstopError } from '@checkstop/kernel';
import { machineArgs } from './args.ts';
import { type CellSpec, catalogueOf, parseCellSpec } from './cell.ts';
import { isCheckstopError } from './complaint.ts';
import type { Config } from './config.ts';
import { type Io, readInput } from './io.ts';
import { loadedParts } from './origin.ts';
import { writeOutput } from './output-files.ts';

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
/** What the file of --resume says, too. */
const FIXED = [...Object.keys(machine), 'closure-only', 'merging-only', 'unreduced', 'liveness', 'mutant'];

/** A search to go on with. */
export interface SavedSearch {
  readonly spec: CellSpec;
  readonly bytes: Uint8Array;
}

/**
 * Reads the file of --resume; `given`: names of the options that were typed. Nothing that it names is run unless the user trusts it.
 *
 * @throws CheckstopError CLI_CONTRADICTION (something else says what the cell is, too), SAVE_LOADS_CODE, CLI_CANNOT_READ, TOKEN_NO_CELL
 * and those of readSaved
 */
export function readSavedSearch(
  args: Readonly<Record<string, unknown>> & { readonly resume: string },
  given: ReadonlySet<string>,
  config: Config,
  io: Pick<Io, 'cwd'>,
): SavedSearch {
  const { resume: file, strategy, fairness } = args;
  const again = FIXED.find((name) => given.has(name));
  if (strategy !== undefined || again !== undefined) throw contradiction(file, again ? `--${again}` : 'STRATEGY');
  const bytes = readInput(io, file, LARGEST_SAVE);
  const saved = read(file, bytes);
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

function read(file: string, bytes: Uint8Array): ReturnType<typeof readSaved> {
  try {
    return readSaved(bytes);
  } catch (error) {
    throw inFile(file, error);
  }
}

/** What is wrong with a saved search, with the file that it is in; any other error as it is. */
export function inFile(file: string, error: unknown): unknown {
  if (!isCheckstopError(error) || !error.code.startsWith('SAVE_')) return error;
  return new CheckstopError(error.code, `${file}: ${error.message}`, { ...error.details, file }, { cause: error });
}

const contradiction = (file: string, what: string): CheckstopError =>
  new CheckstopError(
    'CLI_CONTRADICTION',
    `'--resume ${file}' says what is searched, and how; leave ${what} out, or begin a search of its own.`,
    { file },
  );

/** Writes the file of --save; undefined without it. @throws CheckstopError CLI_BAD_ARGUMENT; what it returns, CLI_CANNOT_WRITE */
export function saveFile(io: Pick<Io, 'cwd'>, file: string | undefined): ((saved: Uint8Array) => void) | undefined {
  if (file === undefined) return undefined;
  if (file === '-')
    throw new CheckstopError('CLI_BAD_ARGUMENT', "'--save -' names no file: a saved search is nothing to be printed.");
  return (saved) => writeOutput(io, file, saved);
}
