import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hcallHold } from '@checkstop/strategies';
import { describe, expect, it } from 'vitest';
import { checkstop, temporaryFolder } from '../testing.fixture.ts';
import type { Verdicts } from '../verdicts.ts';

const readJson = (cwd: string, file: string): Verdicts => JSON.parse(readFileSync(join(cwd, file), 'utf8'));

/** A folder with a plugin of somebody else's in it. */
const folderWithPlugin = (source: string): string => {
  const cwd = temporaryFolder();
  const kernel = new URL('../../../kernel/src/index.ts', import.meta.url).pathname;
  writeFileSync(join(cwd, 'mine.ts'), `import { definePlugin } from '${kernel}';\nexport default ${source};\n`);
  return cwd;
};

describe('checkstop explore', () => {
  it('tells a violation in columns, with a token that replays', async () => {
    const cwd = temporaryFolder();
    const { code, out } = await checkstop(['explore', 'hcall-hold', 'guest-linux', '--json', 'v.json'], { cwd });
    expect(code).toBe(1);
    expect(out).toMatch(/^hypervisor qemu:vcpus=2,bql=unfair/);
    expect(out).toMatch(/profile .*sprg2 private/);
    expect(out).toMatch(/^guest {6}guest-linux, all options default: one pass of work/m);
    expect(out).toMatch(/violated noDeadlock: [\d,]+ states/);
    expect(out).toMatch(/vcpu0 +vcpu1 +BQL +interlock/);
    expect(out).toMatch(/^\(2 checks, 1 preemption, \d visible steps, the shortest there is\)$/m);
    expect(out).toContain('report machine check: claim');
    const [cell] = readJson(cwd, 'v.json').cells;
    const [violation] = cell?.violations ?? [];
    expect(violation).toMatchObject({ property: 'noDeadlock', checks: 2 });
    expect(out).toContain(`checkstop replay ${violation?.token}`);

    const replayed = await checkstop(['replay', violation?.token ?? '']);
    expect(replayed.code).toBe(1);
    expect(replayed.out).toContain('!! noDeadlock');
    expect(replayed.out).toMatch(/steps, state [\da-f]{16} as recorded/);
  });

  it('shows a witness when all is well, and what the checks were tried on', async () => {
    const { code, out } = await checkstop(['explore', 'direct-exit', 'guest-linux']);
    expect(code).toBe(0);
    expect(out).toMatch(/^holds \(safety\): /m);
    const [, token] = /witness[\s\S]*checkstop replay (\S+)/.exec(out) ?? [];
    expect((await checkstop(['replay', token ?? ''])).code).toBe(0);
    expect(out).toMatch(
      /checks struck at \d+ places; from there delivered at \d+, survived at \d+, ended with the machine at \d+/,
    );
    expect(out).toMatch(/never struck: none/);
  });

  it.each([
    [['--max-states', '100'], 'states', 'the limit of 100 states; --max-states raises it'],
    [['--max-memory', '1'], 'bytes', 'the limit of 1 MiB of search tables; --max-memory raises it'],
    [['--max-executions', '500'], 'executions', 'the limit of 500 executed steps; --max-executions raises it'],
  ])('is incomplete when it meets a limit, and says which: %j', async (options, reason, sentence) => {
    const cwd = temporaryFolder();
    const argv = ['explore', 'direct-exit', 'guest-linux', '--json', 'v.json', ...options];
    const { code, out } = await checkstop(argv, { cwd });
    expect(code).toBe(2);
    expect(out).toMatch(/^incomplete \(limit of [a-z ]+\): [\d,]+ states/m);
    expect(out).toContain(sentence);
    expect(out).toMatch(/^so far, checks struck at [1-9]/m);
    expect(readJson(cwd, 'v.json').cells[0]).toMatchObject({ verdict: 'incomplete', reason });
  });

  it('says that there are limits although none was set', async () => {
    const cwd = temporaryFolder();
    const { out } = await checkstop(['explore', 'hcall-hold', 'guest-linux', '--json', 'v.json'], { cwd });
    expect(out).toMatch(
      /^limits {5}20,000,000 states, 1,536 MiB of tables, 5,000,000 steps executed, no limit of time$/m,
    );
    const [cell] = readJson(cwd, 'v.json').cells;
    expect(cell?.bounds.limits).toEqual({ states: 20e6, bytes: 1.5 * 2 ** 30, executions: 5e6, milliseconds: null });
    expect(cell).not.toHaveProperty('reason');
    const { out: help } = await checkstop(['explore', '--help']);
    expect(help.replace(/\s+/g, ' ')).toMatch(/--max-states=<n> [^-]*\(Default: 20000000\)/);
  });

  it('says nothing of a search that was interrupted before it began', async () => {
    const cwd = temporaryFolder();
    const argv = ['explore', 'direct-exit', 'guest-linux', '--json', 'v.json'];
    const { code, out } = await checkstop(argv, { cwd, interrupted: () => true });
    expect(code).toBe(2);
    expect(out).toContain('incomplete (interrupted): not started\n');
    expect(out).not.toContain('checks struck');
    expect(readJson(cwd, 'v.json').cells[0]).toMatchObject({ verdict: 'incomplete', reason: 'interrupted', states: 0 });
  });

  it('prints progress in plain lines only when asked', async () => {
    const asked = await checkstop(['explore', 'direct-exit', 'guest-linux', '--progress']);
    expect(asked.err).toMatch(/^direct-exit: \w+, [\d,]+ states?,/);
    expect((await checkstop(['explore', 'direct-exit', 'guest-linux'])).err).toBe('');
  });
});

describe('checkstop matrix', () => {
  it('searches what it is told to, and writes verdicts in the documented form', async () => {
    const cwd = temporaryFolder();
    const argv = [
      'matrix',
      '--strategies',
      'direct-exit hcall-busy:hcall=0xf010',
      '--guests',
      'guest-other-os',
      '--json',
      'v.json',
    ];
    const { code, out } = await checkstop(argv, { cwd });
    expect(code).toBe(1);
    expect(out).toMatch(/direct-exit +holds \(safety\)\n/);
    expect(out).toMatch(/hcall-busy:hcall=0xf010 +violated entryContract/);
    const { schema, cells } = readJson(cwd, 'v.json');
    expect(schema).toBe('checkstop.verdicts/1');
    expect(cells.map(({ strategy, verdict }) => [strategy.name, verdict])).toEqual([
      ['direct-exit', 'holds'],
      ['hcall-busy', 'violated'],
    ]);
    expect(Object.keys(cells[0] ?? {})).toEqual([
      ...['strategy', 'guest', 'hypervisor', 'profile', 'scenario', 'vcpus', 'checksPerVcpu', 'bounds', 'properties'],
      ...['verdict', 'violations', 'coverage', 'states', 'transitions', 'seconds', 'reductions', 'visited'],
    ]);
    expect(cells[1]).toMatchObject({
      strategy: { name: 'hcall-busy', version: expect.any(String), options: { hcall: 0xf010 } },
      guest: { name: 'guest-other-os', options: { build: 'brief' } },
      vcpus: 2,
      checksPerVcpu: 1,
      bounds: { memory: 'sequentially consistent' },
      reductions: ['closure', 'merging', 'symmetry'],
      visited: 'exact',
    });
    expect(cells[0]?.coverage).toMatchObject({ ceded: ['check'], 'H_CEDE: cede': [] });
    const ofWork = ['check', 'delivered', 'resumed'];
    expect(Object.values(cells[0]?.coverage ?? {}).filter((tags) => `${tags}` === `${ofWork}`).length).toBeGreaterThan(
      15,
    );
    expect(new Set(cells[1]?.properties).size).toBe(cells[1]?.properties.length);
  });

  it('takes its defaults from a configuration, with strategies by names of their own', async () => {
    const cwd = temporaryFolder();
    const strategies = new URL('../../../strategies/src/index.ts', import.meta.url).pathname;
    writeFileSync(
      join(cwd, 'checkstop.config.ts'),
      `import { directExit } from '${strategies}';
       export default { strategies: { upstream: directExit }, matrix: { strategies: ['upstream'], guests: ['guest-linux'] } };`,
    );
    const { code, out } = await checkstop(['matrix'], { cwd });
    expect(code).toBe(0);
    expect(out).toMatch(/upstream x guest-linux +holds/);
  });
});

describe('plugins of other people', () => {
  it('come as packages, too', async () => {
    const cwd = temporaryFolder();
    const folder = join(cwd, 'node_modules/@you/strategy');
    mkdirSync(folder, { recursive: true });
    writeFileSync(
      join(folder, 'package.json'),
      '{ "name": "@you/strategy", "type": "module", "exports": "./index.js" }',
    );
    writeFileSync(
      join(folder, 'index.js'),
      `export default (options = {}) => ({
        name: '@you/strategy', version: '3.1.4', contract: 1, provides: ['delivery'], requires: [], optional: [], options,
        setup: (ctx) => ctx.provide('delivery', { strike: () => undefined }),
      });`,
    );
    // It leaves every check to the architected vector, where nobody reports it.
    const { code, out } = await checkstop(['explore', '@you/strategy:mood=good', 'guest-linux', '--json', 'v.json'], {
      cwd,
    });
    expect(code).toBe(1);
    expect(out).toContain('violated');
    expect(readJson(cwd, 'v.json').cells[0]?.strategy).toEqual({
      name: '@you/strategy',
      version: '3.1.4',
      options: { mood: 'good' },
    });
  });
});

describe('checkstop run', () => {
  it('strikes where it is told to, and keeps a trace', async () => {
    const cwd = temporaryFolder();
    const { code, out } = await checkstop(
      ['run', 'hcall-busy', 'guest-linux', '--check', '0@work+8', '--trace', 't.jsonl'],
      { cwd },
    );
    expect(code).toBe(0);
    expect(out).toMatch(/vcpu0 {2}check {2}kind slb-multihit/);
    expect(out).toMatch(/vcpu0 {2}delivered/);
    expect(out).toMatch(/vcpu0 {2}resumed/);
    expect(out).toContain('vcpu0: ceded');
    const lines = readFileSync(join(cwd, 't.jsonl'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines[0]).toMatchObject({ schema: 'checkstop.trace/1', agents: ['vcpu0', 'vcpu1'] });
    expect(lines.filter(({ event }) => event === 'check')).toHaveLength(1);
    const [, token] = /checkstop replay (\S+)/.exec(out) ?? [];
    expect((await checkstop(['replay', token ?? ''])).code).toBe(0);
  });

  it('is the same run for the same seed, and says what it violated', async () => {
    const once = await checkstop(['run', 'hcall-busy', 'guest-other-os', '--seed', '1', '--check', '0@0']);
    expect(once.out).toContain('random, seed 1');
    expect(once).toMatchObject({ code: 1, out: expect.stringContaining('violated entryContract: SPRG2') });
    expect(await checkstop(['run', 'hcall-busy', 'guest-other-os', '--seed', '1', '--check', '0@0'])).toEqual(once);
  });

  it.each([
    ['0@nowhere', "no symbol 'nowhere'"],
    ['2@work', 'vCPUs 0 to 1'],
    ['work', 'no place'],
  ])('cannot strike at %s', async (where, why) => {
    const { code, err } = await checkstop(['run', 'hcall-busy', 'guest-linux', '--check', where]);
    expect(code).toBe(3);
    expect(err).toContain('CLI_BAD_STRIKE');
    expect(err).toContain(why);
  });
});

it('an address of 64 bits is told, injected and replayed as it was typed', async () => {
  const argv = ['direct-exit', 'guest-linux', '--inject', 'address=0xc000000000000001'];
  const { out } = await checkstop(['run', ...argv, '--check', '0@5']);
  expect(out).toContain('address 0xc000000000000001');
  const [, token = ''] = /checkstop replay (\S+)/.exec(out) ?? [];
  const again = await checkstop(['replay', token]);
  expect(again).toMatchObject({ code: 0, err: '' });
  expect(again.out).toContain('address 0xc000000000000001');
  const { out: json } = await checkstop(['explore', ...argv, '--max-states', '10', '--json', '-']);
  expect(JSON.parse(json).cells[0].bounds.checks.address).toBe('0xc000000000000001');
});

describe('bad input', () => {
  it.each([
    [['explore', 'hcall-busy:hcall=70000', 'guest-linux'], 'PLUGIN_BAD_OPTION', 'hcall'],
    [['explore', 'hcall-busy:', 'guest-linux'], 'CLI_BAD_PLUGIN_SPEC', 'write key=value behind the colon'],
    [['explore', 'hcall-busy:hcall', 'guest-linux'], 'CLI_BAD_PLUGIN_SPEC', "'hcall' in 'hcall-busy:hcall'"],
    [['explore', 'hcall-busy:hcall=1,hcall=2', 'guest-linux'], 'CLI_BAD_PLUGIN_SPEC', "'hcall' is given more than"],
    [
      ['explore', 'direct-exit', 'guest-linux', '--hypervisor', 'qemu:vcpus=3'],
      'CLI_CONTRADICTION',
      'The cell has 2 vCPUs, but the options of its hypervisor say 3',
    ],
    [['run', 'direct-exit', 'guest-linux', '--inject', 'perVcpu=3'], 'CLI_CONTRADICTION', 'say --checks 3'],
    [['explore', 'direct-exit', 'guest-linux', '--profile', 'foo=1'], 'PLUGIN_BAD_OPTION', 'option; there are base, '],
    [
      ['explore', 'direct-exit', 'guest-linux', '--inject', 'foo=1'],
      'PLUGIN_BAD_OPTION',
      'option; there are perVcpu, ',
    ],
    [
      ['explore', 'direct-exit', 'guest-linux', '--inject', 'address=0x10000000000000000'],
      'PLUGIN_BAD_OPTION',
      'address',
    ],
    [['explore', 'hcall-busy:hcal=1', 'guest-linux'], 'PLUGIN_BAD_OPTION', 'hcal'],
    [['explore', 'hcall-hold:__proto__=1', 'guest-linux'], 'PLUGIN_BAD_OPTION', '__proto__: there is no such option'],
    [
      ['explore', 'direct-exit', 'guest-linux', '--profile', '__proto__=1'],
      'PLUGIN_BAD_OPTION',
      '__proto__: there is no such option',
    ],
    [['explore', 'direct-exit', 'guest-linux', '--profile', 'sprg2=ours'], 'PLUGIN_BAD_OPTION', 'sprg2'],
    [['explore', 'direct-exit', 'guest-linux', '--inject', 'kind=flood'], 'PLUGIN_BAD_OPTION', 'kind'],
    [['explore', 'hcall-bussy', 'guest-linux'], 'CLI_UNKNOWN_PLUGIN', 'hcall-busy'],
    [['explore', 'direct-exit', 'guest-linux', '--vcpus', '9'], 'CLI_BAD_ARGUMENT', 'from 1 to 8'],
    [['matrix', '--guests', ' '], 'CLI_BAD_ARGUMENT', 'names nothing'],
    [['matrix', '--config', 'none.ts'], 'CONFIG_NOT_FOUND', 'none.ts'],
    [['replay', 'cs1.nonsense'], 'TOKEN_SYNTAX', 'replay token'],
  ])('%j', async (argv, errorCode, hint) => {
    const { code, err } = await checkstop(argv);
    expect(code).toBe(3);
    expect(err).toContain(`error ${errorCode}`);
    expect(err).toContain(hint);
  });

  it('a configuration that throws', async () => {
    const cwd = temporaryFolder();
    writeFileSync(join(cwd, 'checkstop.config.ts'), 'throw new Error("not today");');
    expect(await checkstop(['matrix'], { cwd })).toMatchObject({ code: 3, err: expect.stringContaining('not today') });
  });

  it('a guest that never gets ready', async () => {
    const cwd = folderWithPlugin(`definePlugin({
      name: 'spinner', version: '1.0.0', contract: 1, provides: ['guest', 'boot'],
      setup(ctx) {
        const range = { start: 0, end: 4 };
        ctx.provide('guest', { name: 'spinner', entry: 0x100, endian: 'big', symbols: new Map(), ready: 0, work: range,
          regions: { base: 0, stride: 0 }, sprgs: { persistent: [], scratch: [] } });
        ctx.provide('boot', { booted: () => false });
        ctx.onReady(() => ctx.ram.writeU32(0x100, 0x48000000, 'big'));
      },
    })`);
    const { code, err } = await checkstop(['explore', 'direct-exit', './mine.ts'], { cwd });
    expect(code).toBe(3);
    expect(err).toMatch(/BOOT_NEVER_READY.*vcpu0 at 0x0100 b 0x100/);
  });

  it('a composition with nothing to schedule', async () => {
    const cwd = folderWithPlugin(`definePlugin({
      name: 'empty', version: '1.0.0', contract: 1, provides: ['hypervisor'], setup() {},
      options: { '~standard': { version: 1, vendor: 'mine', validate: (value) => ({ value }) } },
    })`);
    const { code, err } = await checkstop(['explore', 'direct-exit', 'guest-linux', '--hypervisor', './mine.ts'], {
      cwd,
    });
    expect(code).toBe(3);
    expect(err).toContain('MACHINE_NOTHING_TO_SCHEDULE');
  });

  it('a plugin written for another kernel', async () => {
    const cwd = folderWithPlugin(`definePlugin({ name: 'old', version: '0.1.0', contract: 7, setup() {} })`);
    const { code, err } = await checkstop(['explore', './mine.ts', 'guest-linux'], { cwd });
    expect(code).toBe(3);
    expect(err).toMatch(/PLUGIN_UNKNOWN_CONTRACT.*'old' 0\.1\.0/);
  });

  it('an option that a plugin with a kernel of its own refuses', async () => {
    const cwd = folderWithPlugin(`definePlugin({
      name: 'choosy', version: '1.0.0', contract: 1, setup() {},
      options: { '~standard': { version: 1, vendor: 'mine', validate: () => ({ issues: [{ message: 'expected better' }] }) } },
    })`);
    const { code, err } = await checkstop(['explore', './mine.ts:a=1', 'guest-linux'], { cwd });
    expect(code).toBe(3);
    expect(err).toMatch(/PLUGIN_BAD_OPTION.*expected better/);
  });

  it('a module that exports no plugin', async () => {
    const cwd = folderWithPlugin('{ setup: definePlugin.name }');
    expect(await checkstop(['explore', './mine.ts', 'guest-linux'], { cwd })).toMatchObject({
      code: 3,
      err: expect.stringContaining('CLI_NO_PLUGIN'),
    });
  });

  it('a token from other versions, or from another program', async () => {
    const { out } = await checkstop(['explore', 'hcall-hold', 'guest-linux']);
    const [, token = ''] = /checkstop replay (\S+)/.exec(out) ?? [];
    const { parseToken } = await import('@checkstop/explorer');
    const strategy = `hcall-hold@${hcallHold().version}`;
    expect(parseToken(token).plugins).toContain(strategy);
    const forge = (change: (body: string) => string): string => {
      const body = Buffer.from(change(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString())).toString(
        'base64url',
      );
      const sum = [...body].reduce((hash, unit) => Math.imul(hash ^ unit.charCodeAt(0), 0x01000193), 0x811c9dc5) >>> 0;
      return `cs1.${body}.${sum.toString(16).padStart(8, '0')}`;
    };
    const replay = async (change: (body: string) => string) => checkstop(['replay', forge(change)]);
    expect((await replay((body) => body)).code).toBe(1);
    expect(await replay((body) => body.replace(strategy, 'hcall-hold@0.0.9'))).toMatchObject({
      code: 3,
      err: expect.stringContaining('TOKEN_OTHER_VERSIONS'),
    });
    expect(await replay((body) => body.replace('"vcpus":2', '"vcpus":"two"'))).toMatchObject({
      code: 3,
      err: expect.stringContaining('TOKEN_NO_CELL'),
    });
    expect(await replay((body) => body.replace('"vcpus":2', '"vcpus":3'))).toMatchObject({
      code: 3,
      err: expect.stringContaining('TOKEN_OTHER_MACHINE'),
    });
    expect(
      await replay((body) => body.replace(/"h":"./, (first) => `"h":"${first.endsWith('0') ? 1 : 0}`)),
    ).toMatchObject({
      code: 3,
      err: expect.stringContaining('TOKEN_OTHER_STATE'),
    });
    expect(await checkstop(['replay', token.slice(0, -1)])).toMatchObject({
      code: 3,
      err: expect.stringContaining('TOKEN_CHECKSUM'),
    });
  });
});
