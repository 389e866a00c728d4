import { closeSync, openSync, readSync } from 'node:fs';
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
 * Is output to be coloured? As force-color.org and no-color.org have it, and else on a terminal only: picocolors' own answer counts
 * CI as a terminal, where output is as likely to be searched or kept as to be looked at.
 */
export function wantsColors({ NO_COLOR, FORCE_COLOR }: NodeJS.ProcessEnv, terminal: boolean): boolean {
  if (FORCE_COLOR) return FORCE_COLOR !== '0';
  return terminal && !NO_COLOR;
}

/**
 * The real process. The first Ctrl-C asks for a stop, which searches answer at the end of their slice; the second kills. Neither
 * reaches code that never returns, as a signal waits for JavaScript to pause: SIGQUIT (Ctrl-\), which nobody handles, ends it.
 * Colours follow `wantsColors`.
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
    colors: pc.createColors(wantsColors(process.env, process.stdout.isTTY === true)),
    columns: process.stdout.columns ?? 140,
    interrupted: () => stop,
  };
}

/** The file name that means standard input or standard output. */
export const STANDARD_STREAM = '-';

/** What an input file is called in messages. */
export const inputName = (file: string): string => (file === STANDARD_STREAM ? 'standard input' : file);

/**
 * Reads an input file of at most so many bytes: what is named may be a device or a pipe, which have no end. `-` is standard input.
 *
 * @throws CheckstopError CLI_CANNOT_READ, CLI_INPUT_TOO_LARGE
 */
export function readInput(io: Pick<Io, 'cwd'>, file: string, most: number): Uint8Array {
  const bytes = readUpTo(io, file, most + 1);
  if (bytes.length > most) throw tooLarge(file, most);
  return bytes;
}

/** The error for an input of more than so many bytes. */
export const tooLarge = (file: string, most: number): CheckstopError =>
  new CheckstopError(
    'CLI_INPUT_TOO_LARGE',
    `'${inputName(file)}' is too large: at most ${bytesText(most)} are read here. Give a part of it, or look whether it is the file that was meant.`,
    { file, most },
  );

const bytesText = (bytes: number): string => (bytes < 2 ** 20 ? `${bytes / 2 ** 10} KiB` : `${bytes / 2 ** 20} MiB`);

/** Bytes asked for at a time: a small file does not cost what a large one may. */
const PORTION = 2 ** 16;

const STDIN = 0;

function readUpTo(io: Pick<Io, 'cwd'>, file: string, most: number): Uint8Array {
  try {
    if (file === '') throw new Error('it names no file');
    const isOurs = file !== STANDARD_STREAM;
    const handle = isOurs ? openSync(resolve(io.cwd, file), 'r') : STDIN;
    try {
      const portions: Uint8Array[] = [];
      let left = most;
      while (left > 0) {
        const portion = new Uint8Array(Math.min(PORTION, left));
        const got = readSync(handle, portion);
        if (got === 0) break;
        portions.push(portion.subarray(0, got));
        left -= got;
      }
      return Buffer.concat(portions);
    } finally {
      if (isOurs) closeSync(handle);
    }
  } catch (cause) {
    throw new CheckstopError(
      'CLI_CANNOT_READ',
      `Cannot read '${inputName(file)}': ${(cause as Error).message}.`,
      { file },
      { cause },
    );
  }
}
