import { readdirSync, readFileSync } from 'node:fs';
import { format } from 'node:util';
import { expect, it } from 'vitest';

const packages = new URL('../../', import.meta.url);
/** The program that a README begins with, and the block below it: what it prints. */
const EXAMPLE = /^# .*\n\n```js\n(.*?)```\n\n```\n(.*?)```\n/s;
const IMPORT = /^import (?:\* as )?(.*?) from '(.*?)';$/gm;

// Here, because this package alone may know all of them. Its own README's program says how long it took.
const folders = readdirSync(packages).filter((folder) => folder !== 'cli');

it.each(folders)('the README of %s begins with a program that prints what stands below it', async (folder) => {
  const readme = readFileSync(new URL(`${folder}/README.md`, packages), 'utf8');
  const [, program = '', output] = EXAMPLE.exec(readme) ?? [];
  const modules: Record<string, object> = {};
  for (const [, , name = ''] of program.matchAll(IMPORT)) modules[name] = await import(/* @vite-ignore */ name);
  const printed: string[] = [];
  const log = (...values: unknown[]): number => printed.push(format(...values));
  const body = program.replace(IMPORT, "const $1 = modules['$2'];");
  new Function('modules', 'console', body)(modules, { log });
  expect(`${printed.join('\n')}\n`.replace(/ +$/gm, '')).toBe(output);
});
