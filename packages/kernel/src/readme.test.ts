import { readdirSync, readFileSync } from 'node:fs';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import * as kernel from './index.ts';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');

describe('the README', () => {
  it('begins with a program that prints what it says', () => {
    const [, names, body] = /```js\nimport \{(.*?)\} from '@checkstop\/kernel';\n(.*?)```/s.exec(readme) ?? [];
    const printed: string[] = [];
    const program = new Function('kernel', 'console', `const {${names}} = kernel;\n${body}`);
    program(kernel, { log: (value: unknown) => printed.push(typeof value === 'string' ? value : inspect(value)) });
    expect(printed).toEqual([...body.matchAll(/\/\/ prints (.*)$/gm)].map(([, text]) => text));
    expect(printed.length).toBeGreaterThan(0);
  });

  it('lists every error code that the sources throw, and no other', () => {
    const sources = ['.', 'arena', 'scheduler'].flatMap((folder) =>
      readdirSync(new URL(folder, import.meta.url))
        .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
        .map((name) => readFileSync(new URL(`${folder}/${name}`, import.meta.url), 'utf8')),
    );
    const thrown = sources.flatMap((text) => [...text.matchAll(/'([A-Z]+(?:_[A-Z]+)+)'/g)].map(([, code]) => code));
    const listed = [...readme.matchAll(/`([A-Z]+(?:_[A-Z]+)+)`/g)].map(([, code]) => code);
    expect(listed.sort()).toEqual([...new Set(thrown)].sort());
  });
});
