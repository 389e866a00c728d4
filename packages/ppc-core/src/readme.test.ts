import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { inspect } from 'node:util';
import * as kernel from '@checkstop/kernel';
import { describe, expect, it } from 'vitest';
import { instructionList } from '../oracle/instruction-list.ts';
import * as core from './index.ts';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');

describe('the README', () => {
  it('begins with a program that prints what it says', () => {
    const program = /```js\n(.*?)```/s.exec(readme)?.[1] ?? '';
    const names = [...program.matchAll(/import \{ (.*?) \} from/g)].map(([, list]) => list).join(', ');
    const body = program.replace(/^import.*$/gm, '');
    const printed: string[] = [];
    const log = (value: unknown): number => printed.push(typeof value === 'string' ? value : inspect(value));
    new Function('modules', 'console', `const { ${names} } = modules;\n${body}`)({ ...kernel, ...core }, { log });
    expect(printed).toEqual([...body.matchAll(/\/\/ prints (.*)$/gm)].map(([, text]) => text));
    expect(printed.length).toBeGreaterThan(0);
  });

  it('lists every error code that the sources throw, and no other', () => {
    const sources = readdirSync(new URL('.', import.meta.url), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
      .map((name) => readFileSync(new URL(name, import.meta.url), 'utf8'));
    const codes = /['`]((?:ASM|WATCH|VCPU|ISA)(?:_[A-Z]+)+)['`]/g;
    const thrown = sources.flatMap((text) => [...text.matchAll(codes)].map(([, code]) => code));
    const listed = [...readme.matchAll(codes)].map(([, code]) => code);
    expect(listed.sort()).toEqual([...new Set(thrown)].sort());
  });
});

describe('the list of instructions', () => {
  it('is that of the table', () => {
    const file = new URL('../../../docs/instructions.md', import.meta.url);
    if (process.env.CHECKSTOP_DOCS === 'write') writeFileSync(file, instructionList());
    expect(readFileSync(file, 'utf8')).toBe(instructionList());
  });
});
