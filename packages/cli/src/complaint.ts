import { inspect } from 'node:util';
import { CheckstopError } from '@checkstop/kernel';
import { EXIT, type ExitCode } from './exit-code.ts';
import type { Io } from './io.ts';
import { loadedModules, outsidePlace, placeText } from './outside.ts';
import { printable } from './printable.ts';

/** Characters of a message, and of a stack, that are printed. */
const LONGEST_MESSAGE = 1000;
const LONGEST_STACK = 10_000;

/**
 * Says on standard error what went wrong, and answers with the exit code for it. What the user did wrong, or code that
 * the user brought along, is bad input and gets one line; anything else is a defect of ours and comes with its stack.
 */
export function complain(error: unknown, { err, colors }: Pick<Io, 'err' | 'colors'>): ExitCode {
  const bad = badInput(error);
  if (bad) {
    err(`${colors.red('error')} ${colors.bold(bad.code)}: ${printable(bad.message, LONGEST_MESSAGE)}\n`);
    return EXIT.badInput;
  }
  const stack = error instanceof Error ? error.stack : undefined;
  err(
    `${colors.red('defect')} of checkstop, or of a plugin that does not keep to its types; please report it:\n${printable(stack ?? String(error), LONGEST_STACK)}\n`,
  );
  return EXIT.defect;
}

/**
 * The error as what the user, or code that the user brought along, did wrong, with the place in that code; undefined if it is a
 * defect of ours.
 */
export function badInput(error: unknown): CheckstopError | undefined {
  // Whose it is matters less than where it was thrown, which its cause knows; and it may be a plugin of ours.
  if (isCheckstopError(error)) return error.code === 'PLUGIN_THREW' ? badInput(error.cause) : placed(error);
  if (error instanceof Error) return outsidePlace(error) && threw('A plugin or configuration', error);
  // We throw nothing but errors, and what is none has no stack.
  const who = loadedModules.length > 0 ? loadedModules.join(' or ') : 'A plugin or configuration';
  return threw(who, error);
}

/** An error of the kernel's, say, that came of what code from outside asked for: with where it did. */
function placed(error: CheckstopError): CheckstopError {
  const place = outsidePlace(error);
  if (place === undefined) return error;
  const { code, message, details } = error;
  return new CheckstopError(code, `${message} Look ${placeText(place)}.`, { ...details, ...place }, { cause: error });
}

/** A plugin that was loaded from elsewhere may bring a kernel of its own, so the class is told by its name. */
export const isCheckstopError = (error: unknown): error is CheckstopError =>
  error instanceof Error && error.name === CheckstopError.name && 'code' in error;

/** The error for code from outside that threw one of another kind: who it was, what it said, and where. */
export function threw(who: string, cause: unknown): CheckstopError {
  const place = outsidePlace(cause);
  const unsaid = cause instanceof Error ? '' : '; throw an Error, which says where';
  const where = place ? ` ${placeText(place)}; mend it there` : unsaid;
  return new CheckstopError('CLI_PLUGIN_THREW', `${who} threw ${said(cause)}${where}.`, { ...place }, { cause });
}

/** What was thrown, on one line. */
export const said = (cause: unknown): string => {
  if (!(cause instanceof Error)) return inspect(cause, { depth: 0, breakLength: Number.POSITIVE_INFINITY });
  const [line = ''] = cause.message.split('\n');
  return `${cause.name}: ${line}`;
};
