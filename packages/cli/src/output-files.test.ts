import { existsSync, linkSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkstop, temporaryFolder } from './testing.fixture.ts';

const CELL = ['explore', 'hcall-hold', 'guest-linux'];

describe('output files', () => {
  it.each([
    [[...CELL, '--json', 'none/v.json'], "'none/v.json': ENOENT"],
    [[...CELL, '--html', 'folder'], "'folder': it is a folder"],
    [['matrix', '--sarif', 'file/x.sarif'], "'file/x.sarif': "],
    [['run', 'hcall-hold', 'guest-linux', '--trace', 'none/t.jsonl'], "'none/t.jsonl': ENOENT"],
  ])('are found unwritable before anything runs: %j', async (argv, why) => {
    const cwd = temporaryFolder();
    mkdirSync(join(cwd, 'folder'));
    writeFileSync(join(cwd, 'file'), '');
    const { code, out, err } = await checkstop(argv, { cwd });
    expect({ code, out }).toEqual({ code: 3, out: '' });
    expect(err).toMatch(/^error CLI_CANNOT_WRITE: /);
    expect(err).toContain(why);
  });

  it('are one for each report, whatever name they are called by', async () => {
    const cwd = temporaryFolder();
    writeFileSync(join(cwd, 'real'), '');
    symlinkSync('real', join(cwd, 'alias'));
    symlinkSync('new', join(cwd, 'dangling'));
    for (const [first, second] of [
      ['new', './new'],
      ['real', 'alias'],
      ['new', 'dangling'],
      ['-', '-'],
    ] as const) {
      const { code, out, err } = await checkstop([...CELL, '--json', first, '--junit', second], { cwd });
      expect({ code, out }).toEqual({ code: 3, out: '' });
      expect(err).toContain(`error CLI_BAD_ARGUMENT: '--json' and '--junit' both write '${second}'`);
    }
    const { code, err } = await checkstop([...CELL, '--json', 'alias', '--save', 'real'], { cwd });
    expect(code).toBe(3);
    expect(err).toContain("error CLI_BAD_ARGUMENT: '--save' and '--json' both write 'alias'");
    expect(existsSync(join(cwd, 'new'))).toBe(false);
  });

  it('are none that is read', async () => {
    const cwd = temporaryFolder();
    const write = (name: string, content: string): void => writeFileSync(join(cwd, name), content);
    write('source.s', 'blr\n');
    write('checkstop.config.mjs', 'export default {}');
    linkSync(join(cwd, 'source.s'), join(cwd, 'same.s'));
    await checkstop(['explore', 'hcall-wait', 'guest-linux', '--max-states', '20', '--save', 'search.bin'], { cwd });
    for (const [argv, what] of [
      [['asm', 'source.s', '-o', 'source.s'], 'the source'],
      [['asm', 'source.s', '--output', 'same.s'], 'the source'],
      [['explore', '--resume', 'search.bin', '--json', './search.bin'], 'the search to go on with'],
      [['matrix', '--html', 'checkstop.config.mjs'], 'the configuration'],
      [['matrix', '--config', 'source.s', '--html', 'source.s'], 'the configuration'],
      [['run', 'hcall-hold', 'guest-linux', '--trace', 'checkstop.config.mjs'], 'the configuration'],
    ] as const) {
      const { code, out, err } = await checkstop([...argv], { cwd });
      expect({ code, out }).toEqual({ code: 3, out: '' });
      expect(err).toMatch(/^error CLI_BAD_ARGUMENT: '--\w+' would overwrite '/);
      expect(err).toContain(`, which is ${what}.`);
    }
    const again = ['explore', '--resume', 'search.bin', '--save', 'search.bin', '--max-states', '30'];
    expect((await checkstop(again, { cwd })).out).toContain('It is kept');
  });

  it('are written where others cannot be', async () => {
    const cwd = temporaryFolder();
    const { code, err } = await checkstop([...CELL, '--json', '/dev/full', '--junit', 'cells.xml'], { cwd });
    expect(code).toBe(3);
    expect(err).toContain("error CLI_CANNOT_WRITE: Cannot write '/dev/full'");
    expect(existsSync(join(cwd, 'cells.xml'))).toBe(true);
  });

  it('may be devices, and those more than once', async () => {
    const { code } = await checkstop([...CELL, '--json', '/dev/null', '--junit', '/dev/null']);
    expect(code).toBe(1);
  });

  it('go to standard output as -, and everything else to standard error', async () => {
    const { code, out, err } = await checkstop([...CELL, '--json', '-']);
    expect(code).toBe(1);
    expect(JSON.parse(out).cells[0].verdict).toBe('violated');
    expect(err).toMatch(/^violated noDeadlock: /m);
    const cwd = temporaryFolder();
    const both = await checkstop([...CELL, '--json', 'v.json', '--sarif', '-'], { cwd });
    expect(JSON.parse(both.out).runs).toHaveLength(1);
    expect(JSON.parse(readFileSync(join(cwd, 'v.json'), 'utf8')).cells).toHaveLength(1);
  });
});
