import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { checkstop, temporaryFolder } from '../testing.fixture.ts';

const strategy = (name: string, says: string): string => `
  ${name}: () => ({ name: '${name}', version: '1.0.0', contract: 1, provides: ['delivery'], requires: [], optional: [],
    options: {}, setup() { throw new Error('${says}'); } }),`;

it('tells of every cell that could not be searched, and of each reason once', async () => {
  const cwd = temporaryFolder();
  const config = `export default { strategies: {${strategy('one', 'first reason')}${strategy('two', 'other reason')}} };`;
  writeFileSync(join(cwd, 'checkstop.config.ts'), config);
  const argv = ['matrix', '--strategies', 'one direct-exit two', '--json', 'v.json'];
  const { code, out, err } = await checkstop(argv, { cwd });
  expect(code).toBe(3);
  for (const name of ['one', 'two'])
    for (const guest of ['guest-linux', 'guest-other-os'])
      expect(out).toMatch(new RegExp(`^${name} x ${guest} +no verdict$`, 'm'));
  expect(out).toMatch(/^direct-exit +holds \(safety\) +holds \(safety\)$/m);
  expect(err.match(/^error CLI_PLUGIN_THREW: .* Error: first reason /gm)).toHaveLength(1);
  expect(err.match(/^error CLI_PLUGIN_THREW: .* Error: other reason /gm)).toHaveLength(1);
});
