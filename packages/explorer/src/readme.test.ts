import { readdirSync, readFileSync } from 'node:fs';
import * as kernel from '@checkstop/kernel';
import { describe, expect, it } from 'vitest';
import * as explorer from './index.ts';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');

describe('the README', () => {
  it('begins with a program that prints what stands below it', () => {
    const [, program, output] = /```js\n(.*?)```\n\n```\n(.*?)```/s.exec(readme) ?? [];
    const body = program.replace(/import \{(.*?)\} from '@checkstop\/(\w+)';/g, 'const {$1} = $2;');
    let printed = '';
    const log = (line: string): void => {
      printed += `${line}\n`;
    };
    new Function('kernel', 'explorer', 'console', body)(kernel, explorer, { log });
    expect(printed).toBe(output);
  });

  it('lists every error code that the sources throw, and no other', () => {
    const sources = readdirSync(new URL('.', import.meta.url))
      .filter((name) => /^[a-z-]+\.ts$/.test(name))
      .map((name) => readFileSync(new URL(name, import.meta.url), 'utf8'));
    const thrown = sources.flatMap((text) =>
      [...text.matchAll(/CheckstopError\(\s*'([A-Z_]+)'/g)].map(([, code]) => code),
    );
    const [, own] = /## Errors\n\n(.*?);/s.exec(readme) ?? [];
    const listed = [...own.matchAll(/`([A-Z_]+)`/g)].map(([, code]) => code);
    expect(listed.sort()).toEqual([...new Set(thrown)].sort());
  });
});
