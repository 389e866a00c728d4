import { spawnSync } from 'node:child_process';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { temporaryFolder } from './testing.fixture.ts';

it('a clone that is not built says what to do, on one line', () => {
  const clone = temporaryFolder();
  const bin = fileURLToPath(new URL('../bin', import.meta.url));
  cpSync(bin, join(clone, 'bin'), { recursive: true });
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(clone, 'bin/checkstop.js')], {
    encoding: 'utf8',
  });
  expect({ status, stdout }).toEqual({ status: 3, stdout: '' });
  expect(stderr).toMatch(/^error CLI_NOT_BUILT: .*'npm run demo'.*\n$/);
});
