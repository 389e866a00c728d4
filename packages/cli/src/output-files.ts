import { accessSync, constants, lstatSync, readlinkSync, realpathSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { CheckstopError } from '@checkstop/kernel';
import { type Io, STANDARD_STREAM } from './io.ts';

/** Files that a command will write when it is done, known to be writable before it begins. */
export interface OutputFiles<Option extends string> {
  /** The command's own: what it tells people goes to standard error when a file of its goes to standard output. */
  readonly io: Io;
  /** Writes the file of an option; nothing when that was not given. @throws CheckstopError CLI_CANNOT_WRITE */
  write(option: Option, content: string | Uint8Array): void;
}

/** A file that a command reads. */
export interface InputFile {
  /** What it is, in words. */
  readonly what: string;
  /** Undefined: there is none. */
  readonly file: string | undefined;
  /** The option that may write it anew, if one may. */
  readonly replacedBy?: string;
}

/**
 * Looks at the files that a command is to write, by the option that names them, before it begins what may take long. `-` is
 * standard output, for one of them. `inputs` are the files that the command reads: none of these is overwritten.
 *
 * @throws CheckstopError CLI_CANNOT_WRITE (there is no such folder, no right to write), CLI_BAD_ARGUMENT (two to one file, or what is read)
 */
export function outputFiles<Option extends string>(
  io: Io,
  files: Readonly<Record<Option, string | undefined>>,
  inputs: readonly InputFile[] = [],
): OutputFiles<Option> {
  const options = new Map<string, string>();
  let isTaken = false;
  for (const [option, file] of Object.entries<string | undefined>(files)) {
    if (file === undefined) continue;
    const place = file === STANDARD_STREAM ? file : writable(io, file);
    isTaken ||= file === STANDARD_STREAM;
    const other = place && options.get(place);
    if (other)
      throw new CheckstopError('CLI_BAD_ARGUMENT', `'--${other}' and '--${option}' both write '${file}'.`, { file });
    const isRead = (input: InputFile): boolean =>
      place !== undefined && input.file !== undefined && place === inode(resolve(io.cwd, input.file));
    const input = inputs.find((one) => isRead(one) && one.replacedBy !== option);
    if (input)
      throw new CheckstopError('CLI_BAD_ARGUMENT', `'--${option}' would overwrite '${file}', which is ${input.what}.`, {
        file,
      });
    if (place) options.set(place, option);
  }
  return {
    io: isTaken ? { ...io, out: io.err } : io,
    write(option, content) {
      const file = files[option];
      if (file === STANDARD_STREAM) io.out(String(content));
      else if (file !== undefined) writeOutput(io, file, content);
    },
  };
}

/** Writes an output file. @throws CheckstopError CLI_CANNOT_WRITE */
export function writeOutput(io: Pick<Io, 'cwd'>, file: string, content: string | Uint8Array): void {
  try {
    writeFileSync(resolve(io.cwd, file), content);
  } catch (cause) {
    throw cannotWrite(file, (cause as Error).message, cause);
  }
}

/** A regular file that exists, whatever it is called; undefined for what is none, such as a device. */
function inode(path: string): string | undefined {
  const stats = statSync(path, { bigint: true, throwIfNoEntry: false });
  return stats?.isFile() ? `${stats.dev}:${stats.ino}` : undefined;
}

/** What a file that can be written is, by which two names of it are known; undefined for what may be written twice, such as a device. */
function writable({ cwd }: Io, file: string): string | undefined {
  const path = resolve(cwd, file);
  try {
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats?.isDirectory()) throw new Error('it is a folder');
    if (stats) {
      accessSync(path, constants.W_OK);
      return inode(path);
    }
    const place = placeOfNew(path);
    accessSync(dirname(place), constants.W_OK | constants.X_OK);
    return place;
  } catch (cause) {
    throw cannotWrite(file, (cause as Error).message, cause);
  }
}

/** Where a file that does not exist yet would be made: it may be named through links. */
function placeOfNew(path: string): string {
  const folder = realpathSync(dirname(path));
  const place = join(folder, basename(path));
  const isLink = lstatSync(place, { throwIfNoEntry: false })?.isSymbolicLink();
  return isLink ? placeOfNew(resolve(folder, readlinkSync(place))) : place;
}

const cannotWrite = (file: string, why: string, cause: unknown): CheckstopError =>
  new CheckstopError('CLI_CANNOT_WRITE', `Cannot write '${file}': ${why}.`, { file }, { cause });
