import { version } from '../package.json';
import { type Command, findCommand, runCommand } from './command.ts';
import { asm } from './commands/asm.ts';
import { disasm } from './commands/disasm.ts';
import { explain } from './commands/explain.ts';
import { explore } from './commands/explore.ts';
import { log } from './commands/log.ts';
import { matrix } from './commands/matrix.ts';
import { replay } from './commands/replay.ts';
import { run } from './commands/run.ts';
import { sample } from './commands/sample.ts';
import { complain } from './complaint.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import type { Io } from './io.ts';

const commands: readonly Command[] = [matrix, explore, explain, sample, run, replay, asm, disasm, log];

/**
 * Runs `checkstop` with the given arguments, and throws nothing. Whatever the user did wrong is said on standard error, with its
 * code, and answered with exit code 3; so is an error that a configuration or plugin throws. Any other is a defect of ours: exit
 * code 4, with its stack.
 */
export async function main(argv: readonly string[], io: Io): Promise<ExitCode> {
  try {
    const [first, ...rest] = argv;
    if (first === undefined) {
      // Exit code 0 would say that something holds.
      io.err(overview());
      return EXIT.badInput;
    }
    if (VERSION.includes(first)) io.out(`${version}\n`);
    else if (!HELP.includes(first)) return await runCommand(find(first), rest, io);
    else io.out(rest[0] === undefined ? overview() : await find(rest[0]).help(io));
    return EXIT.holds;
  } catch (error) {
    return complain(error, io);
  }
}

const VERSION = ['--version', '-v', '-V'];
const HELP = ['help', '--help', '-h'];

const find = (name: string): Command => findCommand(commands, name);

function overview(): string {
  const width = Math.max(...commands.map(({ name }) => name.length));
  const list = commands.map(({ name, description }) => `  ${name.padEnd(width)}  ${description}`);
  return `checkstop ${version}: a laboratory for machine-check delivery on Power virtual machines\n
USAGE  checkstop <command> [options]\n
COMMANDS\n
${list.join('\n')}\n
Use checkstop help <command> for a command's options and examples.
Ctrl-C ends a search between two steps, and what was found so far is told; a step that never ends is ended by Ctrl-\\ or kill.
Exit codes: 0 holds, 1 violated or vacuous, 2 incomplete, 3 bad input, 4 a defect of checkstop.\n`;
}
