import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');

describe('the README', () => {
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
