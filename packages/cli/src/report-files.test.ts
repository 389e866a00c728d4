import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { checkstop, temporaryFolder } from './testing.fixture.ts';

it('writes the files that are asked for', async () => {
  const cwd = temporaryFolder();
  const files = ['--json verdicts.json', '--junit cells.xml', '--sarif cells.sarif', '--html page.html'];
  const argv = ['explore', 'hcall-hold', 'guest-linux', ...files.flatMap((file) => file.split(' '))];
  const { code } = await checkstop(argv, { cwd });
  expect(code).toBe(1);
  const read = (name: string): string => readFileSync(join(cwd, name), 'utf8');
  const [cell] = JSON.parse(read('verdicts.json')).cells;
  expect(cell.verdict).toBe('violated');
  const { token } = cell.violations[0];
  expect(read('cells.xml')).toContain(`checkstop replay ${token}\n`);
  const [{ tool, results }] = JSON.parse(read('cells.sarif')).runs;
  expect(results).toMatchObject([{ ruleId: 'noDeadlock', properties: { token } }]);
  expect(read('page.html')).toContain(`checkstop replay ${token}<`);
  // Every property of the contract explains itself.
  for (const { name, help } of tool.driver.rules) expect(help.text).not.toBe(name);
});
