import { CheckstopError } from '@checkstop/kernel';
import { version } from '../package.json';
import type { Command } from './command.ts';
import { asm } from './commands/asm.ts';
import { disasm } from './commands/disasm.ts';
import { explore } from './commands/explore.ts';
import { log } from './commands/log.ts';
import { matrix } from './commands/matrix.ts';
import { replay } from './commands/replay.ts';
import { run } from './commands/run.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import type { Io } from './io.ts';

const commands: readonly Command[] = [matrix, explore, run, replay, asm, disasm, log];

/**
 * Runs `checkstop` with the given arguments. Whatever the user did wrong is said on standard error, with its code, and answered with
 * exit code 3; an error that is not a CheckstopError is a defect of ours and is thrown.
 */
export async function main(argv: readonly string[], io: Io): Promise<ExitCode> {
  const [name = '--help', ...rest] = argv;
  try {
    if (name === '--version') io.out(`${version}\n`);
    else if (name === '--help' || name === '-h') io.out(overview());
    else {
      const command = commands.find((candidate) => candidate.name === name);
      if (!command)
        throw new CheckstopError(
          'CLI_UNKNOWN_COMMAND',
          `There is no command '${name}'; there are ${commands.map((c) => c.name).join(', ')}.`,
        );
      if (!rest.includes('--help') && !rest.includes('-h')) return await command.run(rest, io);
      io.out(await command.help(io));
    }
    return EXIT.holds;
  } catch (error) {
    if (!isOurs(error)) throw error;
    io.err(`${io.colors.red('error')} ${io.colors.bold(error.code)}: ${error.message}\n`);
    return EXIT.badInput;
  }
}

/** A plugin that was loaded from elsewhere may bring a kernel of its own, so the class is told by its name. */
const isOurs = (error: unknown): error is CheckstopError =>
  error instanceof Error && error.name === CheckstopError.name && 'code' in error;

function overview(): string {
  const width = Math.max(...commands.map(({ name }) => name.length));
  const list = commands.map(({ name, description }) => `  ${name.padEnd(width)}  ${description}`);
  return `checkstop ${version}: a laboratory for machine-check delivery on Power virtual machines\n
USAGE  checkstop <command> [options]\n
COMMANDS\n
${list.join('\n')}\n
Use checkstop <command> --help for a command's options and examples.
Exit codes: 0 holds, 1 violated or vacuous, 2 incomplete, 3 bad input.\n`;
}
