import { stripVTControlCharacters } from 'node:util';
import { CheckstopError } from '@checkstop/kernel';
import { type ArgsDef, defineCommand, type ParsedArgs, parseArgs, renderUsage } from 'citty';
import { complain } from './complaint.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import type { Io } from './io.ts';
import { joinRepeated, optionsIn } from './typed-options.ts';

/** A subcommand of `checkstop`. */
export interface Command {
  readonly name: string;
  readonly description: string;
  /** Help text: usage, options, examples. */
  help(io: Io): Promise<string>;
  /** @throws CheckstopError CLI_BAD_ARGUMENT and whatever the command itself throws */
  run(rawArgs: string[], io: Io): Promise<ExitCode>;
}

/** What the author of a command writes. */
export interface Definition<A extends ArgsDef> {
  readonly name: string;
  /** What one types to call it, if it is no subcommand of `checkstop`. */
  readonly line?: string;
  readonly description: string;
  readonly args: A;
  /** Takes any number of positional arguments (`args._`). */
  readonly rest?: true;
  /** Options that may be given more than once; their values are joined by blanks. */
  readonly repeatable?: readonly string[];
  /** Command lines that work, each with what it does. */
  readonly examples: readonly (readonly [line: string, what: string])[];
  /** Does it; `given`: names of the options that were typed, where `args` has the defaults of all others. */
  run(args: ParsedArgs<A>, io: Io, given: ReadonlySet<string>): ExitCode | Promise<ExitCode>;
}

/** Makes a subcommand: citty reads the arguments and prints the usage; unlike citty alone, what it does not know is an error. */
export function command<const A extends ArgsDef>(definition: Definition<A>): Command {
  const { name, line = `checkstop ${name}`, description, args, examples } = definition;
  return {
    name,
    description,
    help: async (io) => {
      const usage = await renderUsage(defineCommand({ meta: { name: line, description }, args }));
      const plain = io.colors.isColorSupported ? usage : stripVTControlCharacters(usage);
      return `${plain.replace(/ +$/gm, '')}\nEXAMPLES\n\n${examples.map(([typed, what]) => `  ${typed}\n      ${what}`).join('\n')}\n`;
    },
    run: async (rawArgs, io) => definition.run(parse(definition, rawArgs), io, optionsIn(rawArgs, args)),
  };
}

/** Finds a command by its name. @throws CheckstopError CLI_UNKNOWN_COMMAND */
export function findCommand(commands: readonly Command[], name: string): Command {
  const command = commands.find((candidate) => candidate.name === name);
  if (command) return command;
  throw new CheckstopError(
    'CLI_UNKNOWN_COMMAND',
    `There is no command '${name}'; there are ${commands.map((c) => c.name).join(', ')}.`,
  );
}

/** Runs a command, or says how to. What goes wrong is said on standard error (see {@link complain}); nothing is thrown. */
export async function runCommand(command: Command, rawArgs: readonly string[], io: Io): Promise<ExitCode> {
  try {
    if (!rawArgs.includes('--help') && !rawArgs.includes('-h')) return await command.run([...rawArgs], io);
    io.out(await command.help(io));
    return EXIT.holds;
  } catch (error) {
    return complain(error, io);
  }
}

function parse<A extends ArgsDef>(
  { name, line = `checkstop ${name}`, args: definition, rest, repeatable = [] }: Definition<A>,
  rawArgs: string[],
): ParsedArgs<A> {
  const bad = (message: string): CheckstopError =>
    new CheckstopError('CLI_BAD_ARGUMENT', `${message}; see '${line} --help'.`, { command: name });
  let args: ParsedArgs<A>;
  try {
    args = parseArgs<A>(joinRepeated(rawArgs, definition, repeatable), definition);
  } catch (cause) {
    throw bad(stripVTControlCharacters((cause as Error).message).replace(/\.$/, ''));
  }
  for (const [name, { type }] of Object.entries(definition))
    if (type === 'positional' && args[name] === '') throw bad(`'${name.toUpperCase()}' names nothing`);
  const positionals = Object.values(definition).filter(({ type }) => type === 'positional').length;
  const extra = args._[positionals];
  if (extra !== undefined && !rest) throw bad(`Unexpected argument '${extra}'`);
  return args;
}
