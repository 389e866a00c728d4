import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatToken, Monitor } from '@checkstop/explorer';
import { parseSchedule } from '@checkstop/kernel';
import { beforeAll, describe, expect, it } from 'vitest';
import { cellSpec } from '../args.ts';
import { type Cell, prepareCell } from '../cell.ts';
import { checkstop, temporaryFolder } from '../testing.fixture.ts';

let cell: Cell;
beforeAll(async () => {
  const values = {
    hypervisor: 'qemu',
    vcpus: '2',
    checks: '1',
    resets: '0',
    profile: undefined,
    inject: undefined,
    full: undefined,
  };
  cell = await prepareCell(cellSpec('hcall-hold', 'guest-linux', values));
});

/** The token of what a schedule does, written by hand. */
function tokenOf(text: string, machine = cell.boot()): string {
  const schedule = parseSchedule(text);
  const monitor = new Monitor(machine);
  for (const { agent, action, count } of schedule)
    for (let i = 0; i < count; i++) {
      monitor.beforeStep();
      machine.step(agent, machine.actions.indexOf(action));
    }
  return formatToken(machine, { config: cell.spec, schedule, hash: monitor.end().hash });
}

/** vCPU 0 reports its check and holds the interlock; vCPU 1 spins in its report with the lock that releasing needs. */
const UP_TO_THE_DEADLOCK = '0:check 0*35 1:check 1*6';

describe('checkstop replay', () => {
  it('finds a deadlock in the end without being told of one', async () => {
    const { code, out } = await checkstop(['replay', tokenOf(`${UP_TO_THE_DEADLOCK} 0*10`)]);
    expect(out).toContain('!! noDeadlock');
    expect(code).toBe(1);
  });

  it('takes nothing for a deadlock that can still be left', async () => {
    const machine = cell.boot();
    const token = tokenOf('0:check 0*8 1:check 1*5', machine);
    const said = machine.properties.flatMap((property) => (property.kind === 'bottom' ? [property.check()] : []));
    expect(said).toContainEqual(expect.stringContaining('vcpu1 waits'));
    const { code, out } = await checkstop(['replay', token]);
    expect(out).not.toContain('!!');
    expect(code).toBe(0);
  });

  it.each([2, 4])('is readable in 80 columns with %d vCPUs', async (vcpus) => {
    const argv = ['run', 'hcall-hold', 'guest-linux', '--check', '0@5 1@5', '--vcpus', `${vcpus}`, '--steps', '400'];
    const [, token = ''] = /checkstop replay (\S+)/.exec((await checkstop(argv)).out) ?? [];
    const { out } = await checkstop(['replay', token], { columns: 80 });
    const steps = out.split('\n').filter((line) => /^ +\d+ {2}/.test(line));
    expect(steps.length).toBeGreaterThan(20);
    expect(steps.filter((line) => line.length > 80)).toEqual([]);
    expect(out).toMatch(/^ {4}5 {2}vcpu0 {2}\*\*\* check \*\*\* before 0x[\da-f]{4} \S+/m);
    expect(out).toMatch(/vcpu0 {2}report machine check: claim \(waits for BQL\)/);
    expect(out).not.toContain('…');
  });

  it('runs no code that a token names, unless it is trusted', async () => {
    const cwd = temporaryFolder();
    const strategy = `export default () => ({
      name: 'mine', version: '1.0.0', contract: 1, provides: ['delivery'], requires: ['hypervisor'], optional: [], options: {},
      setup: (ctx) => ctx.provide('delivery', { strike: () => undefined }),
    });`;
    writeFileSync(join(cwd, 'mine.ts'), strategy);
    const { out } = await checkstop(['run', './mine.ts', 'guest-linux', '--steps', '20'], { cwd });
    const [, token = ''] = /^checkstop replay --trust (\S+)$/m.exec(out) ?? [];
    expect(token).toMatch(/^cs1/);
    const elsewhere = temporaryFolder();
    writeFileSync(join(elsewhere, 'mine.ts'), `throw new Error('it ran');\n${strategy}`);
    const refused = await checkstop(['replay', token], { cwd: elsewhere });
    expect(refused).toMatchObject({ code: 3, out: '' });
    expect(refused.err).toMatch(
      /^error TOKEN_LOADS_CODE: .* stands in the configuration: the strategy '\.\/mine\.ts'\. .*--trust.*\n$/,
    );
    expect((await checkstop(['replay', '--trust', token], { cwd: elsewhere })).err).toContain('it ran');
    expect(await checkstop(['replay', '--trust', token], { cwd })).toMatchObject({ code: 0, err: '' });
    expect(await checkstop(['replay', token, '--trust'], { cwd })).toMatchObject({ code: 0, err: '' });
    const explored = await checkstop(['explore', './mine.ts', 'guest-linux', '--max-states', '20000'], { cwd });
    expect(explored.out).not.toContain('checkstop replay cs1');
    expect(explored.out).toContain('checkstop replay --trust cs1');
  });

  it('asks for no trust in what the configuration has by that name', async () => {
    const cwd = temporaryFolder();
    const config = `export default { strategies: { mine: () => ({
      name: 'mine', version: '1.0.0', contract: 1, provides: ['delivery'], requires: ['hypervisor'], optional: [], options: {},
      setup: (ctx) => ctx.provide('delivery', { strike: () => undefined }),
    }) } };`;
    writeFileSync(join(cwd, 'checkstop.config.ts'), config);
    const { out } = await checkstop(['run', 'mine', 'guest-linux', '--steps', '20'], { cwd });
    const [, token = ''] = /^checkstop replay (cs1\S+)$/m.exec(out) ?? [];
    expect(await checkstop(['replay', token], { cwd })).toMatchObject({ code: 0, err: '' });
  });

  it('is printed, and reported, with the configuration that was named, as a shell takes it', async () => {
    const cwd = temporaryFolder();
    const file = "it's mine.config.ts";
    writeFileSync(
      join(cwd, file),
      `export default { strategies: { mine: () => ({
        name: 'mine', version: '1.0.0', contract: 1, provides: ['delivery'], requires: ['hypervisor'], optional: [], options: {},
        setup: (ctx) => ctx.provide('delivery', { strike: () => undefined }),
      }) } };`,
    );
    const files = ['junit', 'sarif', 'html'].flatMap((format) => [`--${format}`, `mine.${format}`]);
    const argv = ['explore', 'mine', 'guest-linux', '--config', file, ...files];
    const { out } = await checkstop(argv, { cwd });
    const [, line = ''] = /^checkstop (replay .*)$/m.exec(out) ?? [];
    const words = execFileSync('sh', ['-c', `printf '%s\\n' ${line}`], { encoding: 'utf8' })
      .trimEnd()
      .split('\n');
    expect(words).toEqual(['replay', '--config', file, expect.stringMatching(/^cs1\./)]);
    expect(await checkstop(words, { cwd })).toMatchObject({ code: 1, err: '' });
    expect((await checkstop(['replay', words[3] ?? ''], { cwd })).err).toContain('TOKEN_LOADS_CODE');
    const read = (format: string): string => readFileSync(join(cwd, `mine.${format}`), 'utf8');
    for (const format of ['junit', 'html']) expect(read(format)).toContain(line);
    expect(JSON.parse(read('sarif')).runs[0].results[0].message.text).toContain(line);
  });

  it.each(['profile', 'strategy'])('refuses a list where %s has options', async (part) => {
    const spec = { ...cell.spec, [part]: part === 'profile' ? [] : { ...cell.spec.strategy, options: [] } };
    const token = formatToken(cell.boot(), { config: spec, schedule: [], hash: '0'.repeat(16) });
    const { code, err } = await checkstop(['replay', token]);
    expect(code).toBe(3);
    expect(err).toContain('error TOKEN_NO_CELL: ');
  });

  it.each(
    ['constructor', '__proto__', 'prototype', 'toString', 'x'].flatMap((key) =>
      ['profile', 'checks', 'strategy', 'guest', 'hypervisor'].map((part) => [key, part] as const),
    ),
  )('refuses what it does not know by whatever name: %s in %s', async (key, part) => {
    const has = cell.spec[part as keyof typeof cell.spec] as Record<string, object>;
    const more = (options: object): object =>
      JSON.parse(`{"${key}":{},${JSON.stringify(options).slice(1)}`.replace(',}', '}'));
    const spec = {
      ...cell.spec,
      [part]: 'options' in has ? { ...has, options: more(has.options as object) } : more(has),
    };
    const token = formatToken(cell.boot(), { config: spec, schedule: [], hash: '0'.repeat(16) });
    const { code, out, err } = await checkstop(['replay', token]);
    expect({ code, out }).toEqual({ code: 3, out: '' });
    expect(err).toMatch(new RegExp(`^error PLUGIN_BAD_OPTION: .*: ${key}: there is no such option`));
  });

  it('is documented key by key', () => {
    const loop = { schedule: [], property: 'progress', agent: 0, fairness: 'weak' as const };
    const token = formatToken(cell.boot(), { config: cell.spec, schedule: [], hash: '0'.repeat(16), loop });
    const [, body = ''] = token.split('.');
    const held = Object.keys(JSON.parse(Buffer.from(body, 'base64url').toString()));
    const doc = readFileSync(new URL('../../../../docs/replay-tokens.md', import.meta.url), 'utf8');
    const told = [...doc.matchAll(/^\| `(\w)` \|/gm)].map(([, key]) => key);
    expect(told.sort()).toEqual(held.sort());
  });
});
