import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkstop, temporaryFolder } from '../testing.fixture.ts';

const folderWith = (name: string, content: string): string => {
  const cwd = temporaryFolder();
  writeFileSync(join(cwd, name), content);
  return cwd;
};

describe('checkstop asm', () => {
  it('prints a listing', async () => {
    const cwd = folderWith('vector.s', 'vector: mtsprg 2,r3\nagain: li r3,1\n b again\n .quad 5\n');
    const { code, out } = await checkstop(['asm', 'vector.s', '--origin', '0x200'], { cwd });
    expect(code).toBe(0);
    expect(out).toBe(
      [
        'vector:',
        '00000200:  7c7243a6  mtsprg 2,r3',
        'again:',
        '00000204:  38600001  li r3,1',
        '00000208:  4bfffffc  b 0x204 <again>',
        '0000020c:  0000000000000005',
        '',
      ].join('\n'),
    );
  });

  it('lists each part in its own byte order', async () => {
    const cwd = folderWith('mixed.s', 'nop\n.endian little\n nop\n .long 1\n');
    const { out } = await checkstop(['asm', 'mixed.s'], { cwd });
    expect(out).toBe('00000000:  60000000  nop\n00000004:  60000000  nop\n00000008:  01000000\n');
  });

  it('writes an image that disasm reads back', async () => {
    const cwd = folderWith('code.s', 'sc 1\n blr\n');
    expect(await checkstop(['asm', 'code.s', '-o', 'code.bin', '--endian', 'little'], { cwd })).toMatchObject({
      code: 0,
      out: '',
    });
    expect([...readFileSync(join(cwd, 'code.bin'))]).toEqual([0x22, 0, 0, 0x44, 0x20, 0, 0x80, 0x4e]);
    const { out } = await checkstop(['disasm', 'code.bin', '--endian', 'little'], { cwd });
    expect(out).toBe('00000000:  44000022  sc 1\n00000004:  4e800020  blr\n');
  });

  it('says where a source is wrong and what was expected', async () => {
    const cwd = folderWith('bad.s', 'nop\n  addi r3,r4,0x12345\n');
    const { code, err } = await checkstop(['asm', 'bad.s'], { cwd });
    expect(code).toBe(3);
    expect(err).toMatch(/^error ASM_OUT_OF_RANGE: bad\.s:2:14: .*-32768/);
  });

  it('shows nothing of a binary file that a terminal would obey, and not all of it', async () => {
    const cwd = folderWith('image.s', `\x1b[2J\x07\u202e${'\0'.repeat(5000)}`);
    const { code, err } = await checkstop(['asm', 'image.s'], { cwd });
    expect(code).toBe(3);
    expect(err).toContain('\\x1b[2J\\x07\\u{202e}\\x00');
    expect(err).toMatch(/^error ASM_SYNTAX: image\.s:1:1: [\x20-\x7e]{80,300} in a source of UTF-8 text\n$/);
  });

  it.each([
    ['little-endian UTF-16', '\ufeffnop\n', 'utf16le', false],
    ['UTF-8', '\ufeffnop\n', 'utf8', true],
  ] as const)('takes a source that begins with the mark of %s for what it is', async (_, text, encoding, isRead) => {
    const cwd = temporaryFolder();
    writeFileSync(join(cwd, 'marked.s'), Buffer.from(text, encoding));
    const { code, out, err } = await checkstop(['asm', 'marked.s'], { cwd });
    expect(code).toBe(isRead ? 0 : 3);
    expect(isRead ? out : err).toContain(isRead ? 'nop' : 'in a source of UTF-8 text');
  });

  it('says that a source cannot be read', async () => {
    expect(await checkstop(['asm', 'none.s'])).toMatchObject({
      code: 3,
      err: expect.stringContaining('CLI_CANNOT_READ'),
    });
  });
});

describe('checkstop disasm', () => {
  it.each([
    [['7c7243a6', '0x44000022'], 2],
    [['7c7243a644000022'], 2],
    [['0x7c7243a6,44000022'], 2],
  ])('reads words as they come: %j', async (words, count) => {
    const { out } = await checkstop(['disasm', ...words]);
    expect(out.split('\n')).toHaveLength(count + 1);
  });

  it('shows bytes that make no word as data', async () => {
    expect((await checkstop(['disasm', '4400'])).out).toBe('00000000:  4400      .byte 0x44,0x00\n');
    const cwd = folderWith('odd.bin', '');
    writeFileSync(join(cwd, 'odd.bin'), Uint8Array.of(0x22, 0, 0, 0x44, 0x7c));
    const { out } = await checkstop(['disasm', 'odd.bin', '--endian', 'little', '--origin', '0x200'], { cwd });
    expect(out).toBe('00000200:  44000022  sc 1\n00000204:  7c        .byte 0x7c\n');
  });

  it.each([[['7c7']], [['zz']]])('refuses %j', async (words) => {
    expect(await checkstop(['disasm', ...words])).toMatchObject({
      code: 3,
      err: expect.stringContaining('CLI_BAD_HEX'),
    });
  });
});

describe('checkstop log', () => {
  it('says what a log means', async () => {
    const { code, out } = await checkstop(['log', '66410008', '00000000']);
    expect(code).toBe(0);
    expect(out).toMatch(/severity .*\n/);
  });

  it('decodes something in its example', async () => {
    const { out: help } = await checkstop(['log', '--help']);
    const [, words = ''] = /checkstop log ((?:[\da-f]{8} ?){5,})/.exec(help) ?? [];
    const { code, out } = await checkstop(['log', ...words.trim().split(' ')]);
    expect(out).not.toContain('r3');
    const buffer = await checkstop(['log', '11223344', '55667788', ...words.trim().split(' ')]);
    expect(buffer).toMatchObject({ code, out: `interrupted r3 0x1122334455667788\n${out}` });
    expect(code).toBe(0);
    expect(out).toContain('version 6\n');
    expect(out).toContain('machine check: SLB multihit, effective address 0xdeadbeef');
  });

  it('refuses what is too short to be one', async () => {
    expect((await checkstop(['log', '06'])).code).toBe(3);
  });

  it('takes addresses of 64 bits for what they are', async () => {
    const { code, err } = await checkstop(['disasm', '60000000', '--origin', '0xfffffffffffffffc']);
    expect(code).toBe(3);
    expect(err).toContain('expected a whole number from 0 to 0x1fffffffffffff.');
  });
});

describe('inputs', () => {
  it.each([
    [['asm', '/dev/zero'], '16 MiB'],
    [['disasm', '/dev/zero'], '64 MiB'],
    [['log', '/dev/zero'], '4 KiB'],
  ])('of %j are read up to a bound', async (argv, bound) => {
    const { code, out, err } = await checkstop(argv);
    expect({ code, out }).toEqual({ code: 3, out: '' });
    expect(err).toMatch(/^error CLI_INPUT_TOO_LARGE: /);
    expect(err).toContain(`'/dev/zero' is too large: at most ${bound} are read`);
  });

  it('may have just so many bytes', async () => {
    const cwd = folderWith('log.bin', '');
    const log = new Uint8Array(4096);
    log.set([0x06, 0x41, 0x00, 0x08]);
    writeFileSync(join(cwd, 'log.bin'), log);
    expect((await checkstop(['log', 'log.bin'], { cwd })).err).not.toContain('CLI_INPUT_TOO_LARGE');
    writeFileSync(join(cwd, 'log.bin'), new Uint8Array(4097));
    expect((await checkstop(['log', 'log.bin'], { cwd })).err).toContain('CLI_INPUT_TOO_LARGE');
  });

  it.each(['asm', 'disasm', 'log'])('of %s need a name', async (name) => {
    const { code, err } = await checkstop([name, '']);
    expect(code).toBe(3);
    expect(err).toMatch(/^error CLI_BAD_ARGUMENT: .* names nothing; see 'checkstop /);
  });
});
