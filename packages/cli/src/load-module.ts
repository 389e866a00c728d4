import { statSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CheckstopError } from '@checkstop/kernel';
import { createJiti } from 'jiti';
import { said } from './complaint.ts';
import { tooLarge } from './io.ts';
import { loadedModules, outsidePlace, placeText } from './outside.ts';

/** Finds the file of a module, from a path or a package's name as it would be imported by `from`; undefined if there is none. */
export const findModule = (specifier: string, from: string): string | undefined =>
  createJiti(from).esmResolve(specifier, { try: true });

/** Bytes of a module: bundles of whole projects are smaller. */
const LARGEST = 16 * 2 ** 20;

/**
 * Imports a module, TypeScript or not, by its file, and answers with its default export (undefined without one); `anew` with what it
 * imports, as if this process had not seen it yet.
 *
 * @throws CheckstopError CLI_CANNOT_READ (a device, a pipe: they have no end), CLI_INPUT_TOO_LARGE, and whatever the module throws
 */
export async function loadModule(file: string, anew = false): Promise<unknown> {
  refuseEndless(file.startsWith('file:') ? fileURLToPath(file) : file);
  if (!anew) loadedModules.push(file);
  const module = await createJiti(import.meta.url, { interopDefault: false, moduleCache: !anew }).import<{
    default?: unknown;
  }>(file);
  return module.default;
}

function refuseEndless(file: string): void {
  const stats = isAbsolute(file) ? statSync(file, { throwIfNoEntry: false }) : undefined;
  if (!stats || stats.isDirectory()) return;
  if (!stats.isFile())
    throw new CheckstopError('CLI_CANNOT_READ', `'${file}' is no module: it is no regular file.`, { file });
  if (stats.size > LARGEST) throw tooLarge(file, LARGEST);
}

/** Why a module could not be loaded, in a sentence. */
export function loadFailure(cause: unknown): string {
  const text = said(cause)
    .replace(/^Error: /, '')
    .trim();
  const [, ours] = /^Cannot find (?:module|package) '(@checkstop\/[^']+)'/.exec(text) ?? [];
  if (ours !== undefined)
    return `It imports '${ours}', which its folder does not see: run 'npm install ${ours}' there or, in a clone of checkstop, put the file under the clone.`;
  const place = outsidePlace(cause);
  // What cannot be parsed has no stack yet; its second line says where.
  const [, unparsed] = /\n\s*(\/.*:\d+):\d+$/.exec(cause instanceof Error ? cause.message : '') ?? [];
  const where = unparsed === undefined ? place && placeText(place) : `at ${unparsed}`;
  return `${text}${where === undefined ? '' : ` ${where}`}.`;
}
