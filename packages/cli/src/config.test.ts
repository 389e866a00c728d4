import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadConfig } from './config.ts';
import { temporaryFolder } from './testing.fixture.ts';

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

  it('must exist when named', async () => {
    await expect(loadConfig(temporaryFolder(), 'mine.ts')).rejects.toMatchObject({ code: 'CONFIG_NOT_FOUND' });
  });
});
