import { Console } from 'node:console';
import { setImmediate } from 'node:timers/promises';
import { CheckstopError } from '@checkstop/kernel';
import { complain } from './complaint.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { type Io, processIo } from './io.ts';
import { loadedModules } from './outside.ts';

/**
 * Makes a program of this process: its arguments and streams go in, and what comes out becomes the exit code, whatever the
 * code that it loads does to the process meanwhile.
 *
 * - A reader who goes away (EPIPE) is no error: the program goes on, and writes its files. Output that cannot be written for
 *   another reason is said once, as CLI_CANNOT_WRITE, and answered with exit code 3 when all is done.
 * - Standard output is the program's: what code that it loads writes with `console` goes to standard error.
 * - Once there is an answer and it is written out, the process ends, whatever the code that was loaded still waits for.
 * - A process that ends before the program has answered was ended by code from outside: CLI_EXITED, exit code 3.
 */
export async function runProcess(program: (argv: readonly string[], io: Io) => Promise<ExitCode>): Promise<void> {
  const io = processIo();
  // The object that everybody has already, not another one in its place.
  Object.assign(console, new Console(process.stderr));
  let answer: ExitCode | undefined;
  let isDrained = false;
  let isLost = false;
  process.stdout.on('error', (cause: NodeJS.ErrnoException) => {
    if (cause.code === 'EPIPE' || isLost) return;
    isLost = true;
    complain(
      new CheckstopError('CLI_CANNOT_WRITE', `Cannot write to standard output: ${cause.message}.`, {}, { cause }),
      io,
    );
  });
  // There is nowhere left to say so.
  process.stderr.on('error', () => undefined);
  process.on('uncaughtException', (error) => {
    answer = complain(error, io);
    process.exit();
  });
  process.once('beforeExit', () => {
    isDrained = true;
  });
  process.once('exit', () => {
    answer ??= complain(exited(isDrained), io);
    process.exitCode = isLost ? EXIT.badInput : answer;
  });
  answer = await program(process.argv.slice(2), io);
  await flushed(process.stdout);
  // That something could not be written is said in a turn of its own.
  await setImmediate();
  await flushed(process.stderr);
  process.exit();
}

/** Waits until a stream, which may be a pipe, has passed on what was written to it, or cannot. */
const flushed = (stream: NodeJS.WriteStream): Promise<void> =>
  new Promise((resolve) => {
    if (stream.destroyed || stream.writableLength === 0) resolve();
    else stream.write('', () => resolve());
  });

function exited(isDrained: boolean): CheckstopError {
  const why = isDrained ? 'waits for what never comes' : 'ended the process';
  return new CheckstopError(
    'CLI_EXITED',
    `There is no answer, because code that was loaded ${why}: look in ${loadedModules.join(', ')}.`,
    { modules: [...loadedModules] },
  );
}
