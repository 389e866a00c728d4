import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { checkstop, temporaryFolder } from './testing.fixture.ts';

const CELL = ['direct-exit', 'guest-linux', '--max-states', '10', '--save', 'search.bin'];

it('a saved search that cannot be read is told of with its file', async () => {
  const cwd = temporaryFolder();
  await checkstop(['explore', ...CELL], { cwd });
  const file = join(cwd, 'search.bin');
  const refused = async (bytes: Uint8Array | string): Promise<string> => {
    writeFileSync(file, bytes);
    return (await checkstop(['explore', '--resume', 'search.bin'], { cwd })).err;
  };
  expect(await refused(readFileSync(file).subarray(0, -1))).toMatch(/^error SAVE_DAMAGED: search\.bin: The saved /);
  expect(await refused('cs1.')).toMatch(/^error SAVE_SYNTAX: search\.bin: This is no saved search/);
});

it('so is one of other versions, which is seen when the machine is made', async () => {
  const cwd = temporaryFolder();
  const version = join(cwd, 'version');
  const source = `import { readFileSync } from 'node:fs';
export default () => ({
  name: 'mine', version: readFileSync('${version}', 'utf8'), contract: 1, provides: ['delivery'], requires: [], optional: [], options: {},
  setup(ctx) { ctx.provide('delivery', { strike: () => undefined }); },
});`;
  writeFileSync(join(cwd, 'mine.ts'), source);
  writeFileSync(version, '1.0.0');
  await checkstop(['explore', './mine.ts', ...CELL.slice(1)], { cwd });
  writeFileSync(version, '2.0.0');
  const { code, err } = await checkstop(['explore', '--resume', 'search.bin', '--trust'], { cwd });
  expect(code).toBe(3);
  expect(err).toMatch(/^error SAVE_OTHER_VERSIONS: search\.bin: The search was saved with .*mine@1\.0\.0/);
});
