import { readFileSync } from 'node:fs';
import * as core from '@checkstop/ppc-core';
import * as valibot from 'valibot';
import { expect, it } from 'vitest';
import * as kit from './index.ts';

const modules: Record<string, object> = { '@checkstop/guest-kit': kit, '@checkstop/ppc-core': core, valibot };

it('the README begins with a program that runs', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const [, program] = /```js\n(.*?)```/s.exec(readme) ?? [];
  const body = (program as string).replace(/import (?:\* as )?(.*?) from '(.*?)';/g, "const $1 = modules['$2'];");
  const printed: string[] = [];
  new Function('modules', 'console', body)(modules, { log: (text: string) => printed.push(text) });
  expect(printed).toMatchInlineSnapshot(`
    [
      "131 steps until four vCPUs are ready",
    ]
  `);
});
