import { describe, expect, it } from 'vitest';
import { checkstop } from './testing.fixture.ts';

const CELL = ['explore', 'hcall-hold', 'guest-linux'];

describe('the command line', () => {
  it('says what there is', async () => {
    const { code, out } = await checkstop(['--help']);
    expect(code).toBe(0);
    for (const name of ['asm', 'disasm', 'log']) expect(out).toContain(`  ${name} `);
    // No command, no verdict.
    expect(await checkstop([])).toEqual({ code: 3, out: '', err: out });
  });

  it.each(['--version', '-v', '-V'])('says its version for %s', async (option) => {
    expect(await checkstop([option])).toEqual({ code: 0, out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/), err: '' });
  });

  it('has a command for help', async () => {
    expect((await checkstop(['help'])).out).toBe((await checkstop(['--help'])).out);
    expect((await checkstop(['help', 'asm'])).out).toBe((await checkstop(['asm', '--help'])).out);
  });

  it('knows its own defects from bad input', async () => {
    const { code, err } = await checkstop(['disasm', '60000000'], {
      out: () => {
        throw new TypeError('out of order');
      },
    });
    expect(code).toBe(4);
    expect(err).toMatch(/^defect of checkstop.*please report it:\nTypeError: out of order\n +at /);
  });

  it('has help with examples for each command', async () => {
    const { code, out } = await checkstop(['asm', '--help']);
    expect(code).toBe(0);
    expect(out).toContain('EXAMPLES\n\n  checkstop asm vector.s');
  });

  it.each([
    [['nothing'], 'CLI_UNKNOWN_COMMAND', "no command 'nothing'"],
    [['help', 'nothing'], 'CLI_UNKNOWN_COMMAND', "no command 'nothing'"],
    [['asm'], 'CLI_BAD_ARGUMENT', 'FILE'],
    [['asm', 'a.s', 'b.s'], 'CLI_BAD_ARGUMENT', "'b.s'"],
    [['asm', 'a.s', '--frob'], 'CLI_BAD_ARGUMENT', "'--frob'"],
    [['asm', 'a.s', '--output'], 'CLI_BAD_ARGUMENT', "'--output' needs a value"],
    [['asm', 'a.s', '--endian', 'middle'], 'CLI_BAD_ARGUMENT', 'big, little'],
    [['disasm', '60000000', '--origin', '-4'], 'CLI_BAD_ARGUMENT', 'whole number'],
    [[...CELL, '--__proto__=1'], 'CLI_BAD_ARGUMENT', "'--__proto__'"],
    [[...CELL, '--workers', '65'], 'CLI_BAD_ARGUMENT', 'from 1 to 64'],
    [[...CELL, '--checks', 'infinite'], 'CLI_BAD_ARGUMENT', 'from 0 to 4, or unbounded.'],
    [['explore', 'hcall-hold', 'guest-linux:build=brief', '--full'], 'CLI_CONTRADICTION', 'build=brief'],
    [[...CELL, '--unreduced', '--closure-only'], 'CLI_CONTRADICTION', "'--unreduced' and '--closure-only'"],
    [['matrix', '--mergingOnly', '--closure-only'], 'CLI_CONTRADICTION', "'--closure-only' and '--merging-only'"],
    [['sample', 'hcall-hold', 'guest-linux', '--depth', '3'], 'CLI_CONTRADICTION', '--scheduler pct'],
  ])('%j is bad input', async (argv, errorCode, hint) => {
    const { code, out, err } = await checkstop(argv);
    expect({ code, out }).toEqual({ code: 3, out: '' });
    expect(err).toContain(errorCode);
    expect(err).toContain(hint);
  });
});
