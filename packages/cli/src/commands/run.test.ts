import { describe, expect, it } from 'vitest';
import { checkstop } from '../testing.fixture.ts';

const run = (...argv: string[]) => checkstop(['run', ...argv]);

describe('checkstop run', () => {
  it('names the deadlock that a run without end is', async () => {
    const { code, out } = await run('hcall-hold', 'guest-linux', '--check', '0@5', '--check', '1@5', '--steps', '400');
    expect(out).toMatch(/the step limit was met after 400 steps/);
    expect(out).toMatch(/violated noDeadlock: .*vcpu0 waits \(hypervisor\), vcpu1 waits \(lock\).* \(in the end\)/);
    expect(code).toBe(1);
  });

  it('says that it does not know what comes after the step limit', async () => {
    const { code, out } = await run('direct-exit', 'guest-linux', '--steps', '20');
    expect(out).toContain('The machine could go on');
    expect(code).toBe(2);
  });

  it('answers Ctrl-C with what it has', async () => {
    let asked = 0;
    const { code, out } = await checkstop(['run', 'hcall-hold', 'guest-linux', '--check', '0@5 1@5'], {
      interrupted: () => ++asked > 2,
    });
    expect(out).toContain('the run was interrupted after 2,000 steps');
    expect(out).toContain('violated noDeadlock');
    expect(out).toMatch(/checkstop replay cs1\./);
    expect(code).toBe(1);
    const early = await checkstop(['run', 'direct-exit', 'guest-linux'], { interrupted: () => true });
    expect(early.out).toContain('after 0 steps');
    expect(early.code).toBe(2);
  });

  it('counts steps in one way, from ready', async () => {
    const { out } = await run('hcall-busy', 'guest-linux', '--check', '0@17', '--check', '1@17');
    expect(out).toMatch(/^ {3}boot {2}vcpu0 {2}registered/m);
    expect(out).toMatch(/^ {5}17 {2}vcpu0 {2}check/m);
    expect(out).toMatch(/^ {5}18 {2}vcpu1 {2}check/m);
    const [, steps] = /after (\d+) steps/.exec(out) ?? [];
    const [, last] = /^ +(\d+) {2}vcpu\d .*\n\n/m.exec(out) ?? [];
    expect(Number(last)).toBeLessThan(Number(steps));
    const [, token = ''] = /checkstop replay (\S+)/.exec(out) ?? [];
    const replayed = await checkstop(['replay', token]);
    expect(replayed.out).toMatch(/^ {3}17 {2}\*\*\* check/m);
    expect(replayed.out).toContain(`${steps} steps`);
  });

  it.each([
    [['--check', '0@0xffff0'], 'never came to 0xffff0'],
    [['--check', '0@9999'], 'the run ended after'],
    [
      ['--check', '0@work', '--check', '0@work+8', '--checks', '2', '--steps', '3'],
      "'--check 0@work+8': vCPU 0 never came",
    ],
  ])('is bad input when a check could not strike: %j', async (options, why) => {
    const { code, out, err } = await run('direct-exit', 'guest-linux', ...options);
    expect(err).toContain('CLI_MISSED_STRIKE');
    expect(err).toContain(why);
    expect(out).toMatch(/checkstop replay cs1\./);
    expect(code).toBe(3);
  });

  it.each([
    [['--check', '0@work', '--checks', '0'], 'say --checks 1'],
    [['--check', '0@3', '--check', '0@work'], 'say --checks 2'],
    [['--check', '0@0xffffffffffffffffff'], 'has more than 64 bits'],
    [['--check', '0@0x10000000000000000'], 'has more than 64 bits'],
    [['--check', '0@work+6'], 'no multiple of 4'],
  ])('does not begin when a check can not strike: %j', async (options, why) => {
    const { code, out, err } = await run('direct-exit', 'guest-linux', ...options);
    expect(err).toContain('CLI_BAD_STRIKE');
    expect(err).toContain(why);
    expect({ code, out }).toEqual({ code: 3, out: '' });
  });
});
