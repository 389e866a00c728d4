import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { CheckstopError } from '@checkstop/kernel';
import pc from 'picocolors';

/** Colours for the terminal, or none. */
export type Colors = ReturnType<typeof pc.createColors>;

/** What a command sees of the process it runs in. */
export interface Io {
  /** The folder that relative paths start from. */
  readonly cwd: string;
  /** Writes text to standard output as it is. */
  out(text: string): void;
  /** Writes text to standard error as it is. */
  err(text: string): void;
  /** Is standard error a terminal, so that a line may be overwritten? */
  readonly live: boolean;
  readonly colors: Colors;
  /** Characters a line of standard output may have. */
  readonly columns: number;
  /** Has the user asked to stop (Ctrl-C)? */
  interrupted(): boolean;
}

/**
 * The real process. The first Ctrl-C asks for a stop, which searches answer at the end of their slice; the second kills.
 * Colours follow NO_COLOR, FORCE_COLOR and whether standard output is a terminal.
 */
export function processIo(): Io {
  let stop = false;
  process.once('SIGINT', () => {
    stop = true;
  });
  return {
    cwd: process.cwd(),
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    live: process.stderr.isTTY === true,
    colors: pc,
    columns: process.stdout.columns ?? 140,
    interrupted: () => stop,
  };
}

/** Reads an input file. @throws CheckstopError CLI_CANNOT_READ */
export function readInput(io: Io, file: string): Uint8Array {
  try {
    return readFileSync(resolve(io.cwd, file));
  } catch (cause) {
    throw new CheckstopError(
      'CLI_CANNOT_READ',
      `Cannot read '${file}': ${(cause as Error).message}.`,
      { file },
      { cause },
    );
  }
}
