import { readFileSync } from 'node:fs';
import * as kit from '@checkstop/guest-kit';
import * as kernel from '@checkstop/kernel';
import { expect, it } from 'vitest';
import * as guest from './index.ts';

const modules: Record<string, object> = {
  '@checkstop/guest-kit': kit,
  '@checkstop/guest-other-os': guest,
  '@checkstop/kernel': kernel,
};

it('the README begins with a program that runs', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const [, program] = /```js\n(.*?)```/s.exec(readme) ?? [];
  const body = (program as string).replace(/import (\{.*?\}) from '(.*?)';/g, "const $1 = modules['$2'];");
  const printed: string[] = [];
  new Function('modules', 'console', body)(modules, { log: (text: string) => printed.push(text) });
  expect(printed).toMatchInlineSnapshot(`
    [
      "SPRG2 holds 0x7e7e0000 for good",
      {
        "agent": 0,
        "reason": "os-term",
      },
    ]
  `);
});
