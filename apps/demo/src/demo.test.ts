import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EXIT, processIo, runCommand } from '@checkstop/cli';
import { expect, it } from 'vitest';
import { demo } from './demo.ts';

/** Runs the demo; no search begins. */
async function run(...argv: string[]) {
  const said = { out: '', err: '' };
  const code = await runCommand(demo, argv, {
    ...processIo(),
    colors: { ...processIo().colors, isColorSupported: false, red: String, bold: String },
    cwd: mkdtempSync(join(tmpdir(), 'checkstop-test-')),
    out: (text) => {
      said.out += text;
    },
    err: (text) => {
      said.err += text;
    },
  });
  return { code, ...said };
}

it.each([
  [['--jsno', 'v.json'], 'CLI_BAD_ARGUMENT', "'--jsno'"],
  [['fast'], 'CLI_BAD_ARGUMENT', "'fast'"],
  [['--json', 'none/v.json'], 'CLI_CANNOT_WRITE', "'none/v.json'"],
])('refuses %j before it searches', async (argv, errorCode, hint) => {
  const { code, out, err } = await run(...argv);
  expect({ code, out }).toEqual({ code: EXIT.badInput, out: '' });
  expect(err).toContain(`error ${errorCode}: `);
  expect(err).toContain(hint);
});

it('says in plain text how to call it', async () => {
  const { code, out } = await run('--help');
  expect(code).toBe(EXIT.holds);
  expect(out).toContain('USAGE npm run demo -- [OPTIONS]');
});
