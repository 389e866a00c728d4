import { readFileSync } from 'node:fs';
import * as explorer from '@checkstop/explorer';
import * as kernel from '@checkstop/kernel';
import { expect, it } from 'vitest';
import * as report from './index.ts';

it('begins with a program that prints what stands below it', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const [, program = '', output] = /```js\n(.*?)```\n\n```\n(.*?)```/s.exec(readme) ?? [];
  const body = program.replace(/import \{(.*?)\} from '@checkstop\/(\w+)';/g, 'const {$1} = $2;');
  let printed = '';
  const log = (line: string): void => {
    printed += `${line}\n`;
  };
  new Function('kernel', 'explorer', 'report', 'console', body)(kernel, explorer, report, { log });
  expect(printed).toBe(output);
});
