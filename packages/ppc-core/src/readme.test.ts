import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { instructionList } from '../oracle/instruction-list.ts';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');

describe('the README', () => {
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
