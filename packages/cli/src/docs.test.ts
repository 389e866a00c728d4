import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { checkstop, temporaryFolder } from './testing.fixture.ts';

const top = new URL('../../../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, top), 'utf8');

describe('the documents', () => {
  it.each([
    ['docs/examples/first-verdict.mjs', 'violated'],
    ['docs/examples/custom-hypervisor.mjs', 'holds, in '],
  ])('%s stands in the README word by word, and prints its verdict', async (path, said) => {
    expect(read('README.md')).toContain(read(path).trim());
    const log = vi.spyOn(console, 'log').mockImplementation(() => undefined);
    await import(/* @vite-ignore */ new URL(path, top).pathname);
    expect(log.mock.calls[0]?.[0]).toContain(said);
    log.mockRestore();
    process.exitCode = 0;
  });

  it("the guide's strategy holds with both guests", async () => {
    const [, source = ''] = /```ts\n\/\/ mine\.ts\n(.*?)```/s.exec(read('docs/writing-a-strategy.md')) ?? [];
    const cwd = temporaryFolder();
    const kernel = new URL('packages/kernel/src/index.ts', top).pathname;
    writeFileSync(join(cwd, 'mine.ts'), source.replace('@checkstop/kernel', kernel));
    const { code, out } = await checkstop(['matrix', '--strategies', './mine.ts'], { cwd });
    expect(out).toMatch(/mine\.ts +holds +holds/);
    expect(code).toBe(0);
  });

  it('name every command that there is', async () => {
    const { out } = await checkstop(['--help']);
    const commands = [...out.matchAll(/^ {2}(\w+) {2}/gm)].map(([, name]) => name);
    expect(commands.length).toBeGreaterThan(5);
    for (const name of commands)
      expect(read('docs/getting-started.md') + read('README.md')).toContain(`checkstop ${name}`);
  });

  it('list every error code of the command', () => {
    const folders = ['.', 'commands'].map((folder) => new URL(`${folder}/`, import.meta.url));
    const sources = folders.flatMap((folder) =>
      readdirSync(folder).flatMap((name) =>
        /(?<!test|fixture)\.ts$/.test(name) ? [readFileSync(new URL(name, folder), 'utf8')] : [],
      ),
    );
    const codesIn = (text: string): string[] =>
      [...text.matchAll(/['`]((?:CLI|CONFIG|TOKEN)_[A-Z_]+)['`]/g)].map(([, code = '']) => code);
    expect(new Set(codesIn(read('packages/cli/README.md')))).toEqual(new Set(sources.flatMap(codesIn)));
  });

  it("the guides' links lead somewhere", () => {
    for (const path of [
      'README.md',
      'docs/getting-started.md',
      'docs/writing-a-strategy.md',
      'docs/verdicts.md',
      'docs/traces.md',
    ])
      for (const [, target = ''] of read(path).matchAll(/\]\((?!https?:)([^)#]+)/g))
        expect(() => readFileSync(new URL(target, new URL(path, top))), `${path}: ${target}`).not.toThrow(/ENOENT/);
  });
});
