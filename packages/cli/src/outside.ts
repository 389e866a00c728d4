import { fileURLToPath } from 'node:url';
import { dependencies } from '../package.json';

/** Where in somebody else's code an error was thrown. */
export interface Place {
  /** The function, as the stack names it; undefined at the top of a module. */
  readonly within: string | undefined;
  readonly file: string;
  /** Lines keep their numbers when TypeScript is stripped; columns don't. */
  readonly line: number;
}

/** Files that were loaded from outside, in order: who is to be asked where there is no stack to tell. */
export const loadedModules: string[] = [];

/** The folder that the packages of checkstop lie in: that of the clone, or `node_modules/@checkstop`. */
const HOUSE = fileURLToPath(new URL('../..', import.meta.url));
const FURNITURE = Object.keys(dependencies).map((name) => `/node_modules/${name.replace(/\/.*/, '')}/`);

const isOurs = (file: string): boolean => {
  const path = file.replaceAll('\\', '/');
  return file.startsWith(HOUSE) || FURNITURE.some((folder) => path.includes(folder));
};

const FRAME = /^\s*at (?:async )?(?:(.+?) (?:\[as .*\] )?\()?((?:file:\/\/|\/|[a-z]:[\\/]).+):(\d+):\d+\)?$/i;

/**
 * The innermost place in code that is no part of checkstop and that checkstop called; undefined when an error was thrown
 * by our own code without anybody's help. Whoever called us, further out, is not to blame, nor is the program itself where it has
 * loaded nothing.
 */
export function outsidePlace(error: unknown): Place | undefined {
  const stack = error instanceof Error ? error.stack : undefined;
  if (typeof stack !== 'string' || loadedModules.length === 0) return undefined;
  const places = stack.split('\n').flatMap((text): Place[] => {
    const [, within, path, line] = FRAME.exec(text) ?? [];
    if (path === undefined) return [];
    const file = path.startsWith('file:') ? fileURLToPath(path) : path;
    return [{ within, file, line: Number(line) }];
  });
  const outermost = places.findLastIndex(({ file }) => isOurs(file));
  return places.slice(0, outermost < 0 ? undefined : outermost).find(({ file }) => !isOurs(file));
}

/** A place as an editor takes it. */
export const placeText = ({ within, file, line }: Place): string =>
  `${within === undefined ? '' : `in ${within} `}at ${file}:${line}`;
