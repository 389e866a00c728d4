import type { ChildProcess } from 'node:child_process';
import { openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { spawned } from './spawned.fixture.ts';
import { temporaryFolder } from './testing.fixture.ts';

const CELL = ['explore', 'direct-exit', 'guest-linux'];

const folderWith = (name: string, content: string): string => {
  const cwd = temporaryFolder();
  writeFileSync(join(cwd, name), content);
  return cwd;
};

describe('standard output', () => {
  it('may lose its reader: the search goes on, the files are written, and the exit code is the verdict', async () => {
    const cwd = temporaryFolder();
    const { code, err } = await spawned([...CELL, '--json', 'v.json'], cwd, 'pipe', ({ stdout }) => stdout?.destroy());
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(JSON.parse(readFileSync(join(cwd, 'v.json'), 'utf8')).cells[0].verdict).toBe('holds');
  });

  it('may be full: that is said once, and the files are written', async () => {
    const cwd = temporaryFolder();
    const { code, err } = await spawned([...CELL, '--json', 'v.json'], cwd, openSync('/dev/full', 'w'));
    expect(code).toBe(3);
    expect(err).toMatch(/^error CLI_CANNOT_WRITE: .*standard output.*ENOSPC.*\n$/);
    expect(JSON.parse(readFileSync(join(cwd, 'v.json'), 'utf8')).cells[0].verdict).toBe('holds');
  });
});

describe('standard input', () => {
  const LOG =
    '06741000 00000038 86008e00 00000000 00000000 49424d00 4d430028 01000000 ' +
    '00000000 00000000 01810000 00000000 00000000 deadbeef 00000000 00000000';

  it.each([
    ['asm', 'sc 1\n', '00000000:  44000022  sc 1\n'],
    ['disasm', Uint8Array.of(0x44, 0, 0, 0x22), '00000000:  44000022  sc 1\n'],
    ['log', Buffer.from(LOG.replaceAll(' ', ''), 'hex'), 'SLB multihit, effective address 0xdeadbeef'],
  ])('is read by `%s -`, however late its end comes', async (name, input, said) => {
    const late = ({ stdin }: ChildProcess): void => {
      stdin?.write(input);
      setTimeout(() => stdin?.end(), 1500);
    };
    const { code, out, err } = await spawned([name, '-'], temporaryFolder(), 'pipe', late, 'pipe');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toContain(said);
  });

  it('is read up to a bound, as files are, and called what it is', async () => {
    const [cwd, none] = [temporaryFolder(), () => undefined];
    const { code, err } = await spawned(['log', '-'], cwd, 'pipe', none, openSync('/dev/zero', 'r'));
    expect(code).toBe(3);
    expect(err).toMatch(/^error CLI_INPUT_TOO_LARGE: 'standard input' is too large: at most 4 KiB /);
    const source = join(folderWith('bad.s', 'nop\nfrob\n'), 'bad.s');
    const bad = await spawned(['asm', '-'], cwd, 'pipe', none, openSync(source, 'r'));
    expect(bad.err).toMatch(/^error ASM_UNKNOWN_MNEMONIC: standard input:2:1: /);
  });
});

describe('code that is loaded', () => {
  it.each([
    ['process.exit(0);', 'ended the process'],
    ['await new Promise(() => undefined);', 'waits for what never comes'],
  ])('cannot end the process as if all were well: %s', async (content, why) => {
    const cwd = folderWith('checkstop.config.ts', content);
    const { code, out, err } = await spawned(['matrix'], cwd);
    expect({ code, out }).toEqual({ code: 3, out: '' });
    expect(err).toContain(`error CLI_EXITED: There is no answer, because code that was loaded ${why}`);
    expect(err).toContain('checkstop.config.ts');
  });

  it('writes to standard error, where a report goes to standard output', async () => {
    const config = "console.log('loaded'); console.info('so'); console.table([1]);\nexport default {};";
    const cwd = folderWith('checkstop.config.ts', config);
    const { code, out, err } = await spawned([...CELL, '--json', '-'], cwd);
    expect(code).toBe(0);
    expect(JSON.parse(out).cells[0].verdict).toBe('holds');
    expect(err).toMatch(/^loaded\nso\n/);
  });

  it('does not keep the process waiting once there is an answer, which a slow reader gets in full', async () => {
    const cwd = folderWith('checkstop.config.ts', 'setInterval(() => undefined, 1000);\nexport default {};');
    const { code, out } = await spawned([...CELL, '--json', '-'], cwd, 'pipe', ({ stdout }) => {
      stdout?.pause();
      setTimeout(() => stdout?.resume(), 3000);
    });
    expect(code).toBe(0);
    expect(JSON.parse(out).cells[0].verdict).toBe('holds');
  });

  it('that is busy hears no Ctrl-C, however often, and is ended by Ctrl-\\', async () => {
    const config = "console.log('busy');\nfor (;;);\nexport default {};";
    const cwd = folderWith('checkstop.config.ts', config);
    let ended: NodeJS.Signals | null | undefined;
    const { code, err } = await spawned(CELL, cwd, 'pipe', (child) => {
      child.on('exit', (_, signal) => {
        ended = signal;
      });
      child.stderr?.once('data', () => {
        child.kill('SIGINT');
        child.kill('SIGINT');
        setTimeout(() => child.kill('SIGQUIT'), 300);
      });
    });
    expect({ code, err, ended }).toEqual({ code: null, err: 'busy\n', ended: 'SIGQUIT' });
  });

  it('is told how to come to the packages of checkstop when it does not see them', async () => {
    const cwd = folderWith('mine.ts', "import '@checkstop/kernel';");
    const { code, err } = await spawned(['explore', './mine.ts', 'guest-linux'], cwd);
    expect(code).toBe(3);
    expect(err).toMatch(
      /^error CLI_CANNOT_LOAD: .* imports '@checkstop\/kernel', .*'npm install @checkstop\/kernel'.*\n$/,
    );
  });

  it('is named when what it throws is no error, and so does not say where', async () => {
    const cwd = folderWith('checkstop.config.ts', 'export default { plugins() { throw undefined; } };');
    const { code, err } = await spawned(CELL, cwd);
    expect(code).toBe(3);
    expect(err).toMatch(
      /^error CLI_PLUGIN_THREW: \S*checkstop\.config\.ts threw undefined; throw an Error, which says where\.\n$/,
    );
  });

  it('is blamed for what it throws when nobody waits for it', async () => {
    const cwd = folderWith(
      'checkstop.config.ts',
      'setTimeout(() => { throw new Error("too late"); });\nexport default {};',
    );
    const { code, err } = await spawned(['explore', 'hcall-hold', 'guest-linux'], cwd);
    expect(code).toBe(3);
    expect(err).toMatch(
      /^error CLI_PLUGIN_THREW: .* threw Error: too late .*checkstop\.config\.ts:1; mend it there\.\n$/,
    );
  });
});
