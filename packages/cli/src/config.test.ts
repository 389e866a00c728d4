import { symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadConfig } from './config.ts';
import { checkstop, temporaryFolder } from './testing.fixture.ts';

const folderWith = (content: string, name = 'checkstop.config.ts'): string => {
  const cwd = temporaryFolder();
  writeFileSync(join(cwd, name), content);
  return cwd;
};

describe('configurations', () => {
  it('are not needed', async () => {
    expect(await loadConfig(temporaryFolder())).toEqual({});
  });

  it('are TypeScript with a default export', async () => {
    const cwd = folderWith(`
      const mine = (options?: object): object => ({ options });
      export default { strategies: { mine }, matrix: { guests: ['guest-linux' as string] } };
    `);
    const config = await loadConfig(cwd);
    expect(Object.keys(config.strategies ?? {})).toEqual(['mine']);
    expect(config.matrix).toEqual({ guests: ['guest-linux'] });
  });

  it.each([
    ['export default { strategies: { mine: 3 } }', 'CONFIG_INVALID', 'strategies.mine'],
    ['export const config = {}', 'CONFIG_INVALID', 'default export'],
    ['export default []', 'CONFIG_INVALID', 'default export: expected an object'],
    [
      'export default { strategies: { "": () => ({}) } }',
      'CONFIG_INVALID',
      'expected a name without blanks and colons',
    ],
    [
      'export default { guests: { "a:b": () => ({}) } }',
      'CONFIG_INVALID',
      'guests.a:b: expected a name without blanks',
    ],
    ['export default { strategies: [] }', 'CONFIG_INVALID', 'strategies: expected an object'],
    ['export default { matrix: { guests: [] } }', 'CONFIG_INVALID', 'matrix.guests: names nothing'],
    [
      'export default { guest: {} }',
      'CONFIG_INVALID',
      'guest: there is no such setting; there are strategies, guests,',
    ],
    ['export default {\n get strategies() { throw new Error("later") } }', 'CONFIG_THREW', 'checkstop.config.ts:2'],
    ['throw "text"', 'CONFIG_THREW', "'text'"],
    ['throw new Error("no luck today")', 'CONFIG_THREW', 'no luck today'],
    ['export default {', 'CONFIG_THREW', 'checkstop.config.ts'],
  ])('%s is none', async (content, code, hint) => {
    const loading = loadConfig(folderWith(content));
    await expect(loading).rejects.toMatchObject({ name: 'CheckstopError', code });
    await expect(loading).rejects.toThrow(hint);
  });

  it.each(['mts', 'js', 'mjs', 'cjs'])('may be checkstop.config.%s', async (extension) => {
    const isCommon = extension === 'cjs';
    const content = `${isCommon ? 'module.exports =' : 'export default'} { matrix: { guests: ['guest-linux'] } };`;
    const cwd = folderWith(content, `checkstop.config.${extension}`);
    expect((await loadConfig(cwd)).matrix).toEqual({ guests: ['guest-linux'] });
    writeFileSync(join(cwd, 'checkstop.config.ts'), 'export default {}');
    const loading = loadConfig(cwd);
    await expect(loading).rejects.toMatchObject({ code: 'CLI_CONTRADICTION' });
    await expect(loading).rejects.toThrow(`There are checkstop.config.ts and checkstop.config.${extension}`);
    expect(await loadConfig(cwd, 'checkstop.config.ts')).toEqual({});
  });

  it('are missed where a link leads nowhere', async () => {
    const cwd = temporaryFolder();
    symlinkSync('nowhere', join(cwd, 'checkstop.config.ts'));
    await expect(loadConfig(cwd)).rejects.toMatchObject({ code: 'CONFIG_NOT_FOUND' });
  });

  it('must exist when named', async () => {
    await expect(loadConfig(temporaryFolder(), 'mine.ts')).rejects.toMatchObject({ code: 'CONFIG_NOT_FOUND' });
  });

  it('are files, and such as have an end', async () => {
    const folder = temporaryFolder();
    const loading = loadConfig(folder, '.');
    await expect(loading).rejects.toMatchObject({ code: 'CONFIG_NOT_FOUND' });
    await expect(loading).rejects.toThrow(`'${folder}' is a folder; name the configuration in it`);
    await expect(loadConfig(folder, '/dev/zero')).rejects.toMatchObject({ code: 'CLI_CANNOT_READ' });
    const large = folderWith('', 'large.ts');
    truncateSync(join(large, 'large.ts'), 2 ** 24 + 1);
    await expect(loadConfig(large, 'large.ts')).rejects.toMatchObject({ code: 'CLI_INPUT_TOO_LARGE' });
  });

  it.each([
    ['() => [null]', 'null or undefined in it'],
    ['() => [false, [undefined]]', 'null or undefined in it'],
    ['() => undefined', 'returned undefined; return a list'],
    ['() => null', 'returned null; return a list'],
    ['async () => { throw new Error("unheard"); }', 'returned a promise; await'],
  ])('whose plugins are %s are refused', async (plugins, hint) => {
    const cwd = folderWith(`export default { plugins: ${plugins} };`);
    const { code, err } = await checkstop(['explore', 'direct-exit', 'guest-linux'], { cwd });
    expect(code).toBe(3);
    expect(err).toContain('error CONFIG_INVALID: plugins() of the configuration returned ');
    expect(err).toContain(hint);
  });

  it('may leave a plugin out by writing false', async () => {
    const cwd = folderWith('export default { plugins: () => [false, []] };');
    const { code } = await checkstop(['explore', 'direct-exit', 'guest-linux', '--max-states', '10'], { cwd });
    expect(code).toBe(2);
  });
});
