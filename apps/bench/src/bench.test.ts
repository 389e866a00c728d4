import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EXIT, processIo } from '@checkstop/cli';
import { expect, it } from 'vitest';
import { bench } from './bench.ts';

// Once: it listens for Ctrl-C.
const io = processIo();

/** Runs the benchmarks' command; none begins. */
async function run(...argv: string[]) {
  const said = { out: '', err: '' };
  const code = await bench(argv, {
    ...io,
    colors: { ...io.colors, isColorSupported: false, red: String, bold: String },
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
  [['explroe'], 'CLI_UNKNOWN_COMMAND', "'explroe'; there are explore, sample"],
  [['explore', '--jsno', 'v.json'], 'CLI_BAD_ARGUMENT', "'--jsno'"],
  [['explore', '--runs', '0'], 'CLI_BAD_ARGUMENT', "'--runs 0'"],
  [['explore', '--sizes', '9x1'], 'CLI_BAD_ARGUMENT', "'--sizes 9'"],
  [['explore', '--sizes', '2x1x1'], 'CLI_BAD_ARGUMENT', "'--sizes 1x1'"],
  [['explore', '--json', 'none/v.json'], 'CLI_CANNOT_WRITE', "'none/v.json'"],
  [['sample', '--seeds', 'many'], 'CLI_BAD_ARGUMENT', "'--seeds many'"],
  [['sample', 'fast'], 'CLI_BAD_ARGUMENT', "'fast'"],
])('refuses %j before it measures', async (argv, errorCode, hint) => {
  const { code, out, err } = await run(...argv);
  expect({ code, out }).toEqual({ code: EXIT.badInput, out: '' });
  expect(err).toContain(`error ${errorCode}: `);
  expect(err).toContain(hint);
  // What the user typed is to blame, and no line of the benchmarks.
  expect(err).not.toContain('Look ');
});

it('says what there is', async () => {
  const { code, out } = await run('--help');
  expect(code).toBe(EXIT.holds);
  for (const name of ['explore', 'sample']) expect(out).toContain(`  ${name} `);
  // Who named none has measured nothing.
  expect(await run()).toEqual({ code: EXIT.badInput, out: '', err: out });
  expect((await run('explore', '--help')).out).toContain('npm run bench -- explore');
});
