import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { SampleReport } from '../sampled.ts';
import { checkstop, temporaryFolder } from '../testing.fixture.ts';

const sample = (...argv: string[]) => checkstop(['sample', ...argv]);

describe('checkstop sample', () => {
  it('finds the deadlock among eight vCPUs of a full guest, and a short run that replays', async () => {
    const cwd = temporaryFolder();
    const argv = ['sample', 'hcall-hold', 'guest-linux', '--vcpus', '8', '--full', '--json', 's.json'];
    const { code, out } = await checkstop(argv, { cwd });
    expect(code).toBe(1);
    expect(out).toMatch(/^seed {7}1\nscheduler {2}random; .*\nruns {7}1,000 at most, until the first violation;/);
    expect(out).toMatch(/^violated noDeadlock: \d+ runs?, [\d,]+ steps/m);
    expect(out).toMatch(/^found in run \d+, seed \d+: \d checks, \d+ preemptions, [\d,]+ steps$/m);
    expect(out).toMatch(
      /^\(2 checks, \d preemptions?, \d+ visible steps, minimised in \d+ replays; shorter ones may exist\)$/m,
    );
    expect(out).toContain('!! noDeadlock');
    const report: SampleReport = JSON.parse(readFileSync(join(cwd, 's.json'), 'utf8'));
    expect(report).toMatchObject({
      schema: 'checkstop.sample/1',
      bounds: { vcpus: 8 },
      sampling: { seed: 1, scheduler: 'random', runs: 1000, milliseconds: null, expectedSteps: expect.any(Number) },
      verdict: 'violated',
      violations: [{ property: 'noDeadlock', checks: 2, found: { checks: expect.any(Number) } }],
    });
    expect(report).not.toHaveProperty('reason');
    const [violation] = report.violations;
    expect(out).toContain(`checkstop replay ${violation?.token}`);
    const replayed = await checkstop(['replay', violation?.token ?? '']);
    expect(replayed.code).toBe(1);
    expect(replayed.out).toContain('!! noDeadlock');
  });

  it('is incomplete when nothing was found, and says that this is no proof', async () => {
    const cwd = temporaryFolder();
    const argv = ['sample', 'direct-exit', 'guest-linux', '--runs', '150', '--json', 's.json'];
    const { code, out } = await checkstop(argv, { cwd });
    expect(code).toBe(2);
    expect(out).toMatch(/^incomplete: 150 runs, /m);
    expect(out).toContain('That is no proof');
    expect(out).not.toMatch(/\bholds\b/);
    expect(out).toMatch(/^so far, instructions of work that were never struck: none$/m);
    const report: SampleReport = JSON.parse(readFileSync(join(cwd, 's.json'), 'utf8'));
    expect(report).toMatchObject({ verdict: 'incomplete', runs: 150, coverage: { never: [] } });
    expect(report.coverage.struck.length).toBeGreaterThan(20);
  });

  it('writes the reports that a search writes', async () => {
    const cwd = temporaryFolder();
    const files = ['json', 'junit', 'sarif', 'html'].flatMap((format) => [`--${format}`, `s.${format}`]);
    const read = (format: string): string => readFileSync(join(cwd, `s.${format}`), 'utf8');
    await checkstop(['sample', 'hcall-hold', 'guest-linux', ...files], { cwd });
    const [{ token }] = JSON.parse(read('json')).violations;
    expect(read('junit')).toMatch(/<failure type="violated" message="violated: noDeadlock">noDeadlock: /);
    expect(read('junit')).toContain(`checkstop replay ${token}\n`);
    const [{ tool, results, invocations }] = JSON.parse(read('sarif')).runs;
    expect(results).toMatchObject([{ ruleId: 'noDeadlock', properties: { token, shortest: false } }]);
    expect(invocations).toEqual([{ executionSuccessful: true, toolExecutionNotifications: [] }]);
    expect(tool.driver.rules.map(({ id }: { id: string }) => id)).not.toContain('progress');
    expect(read('html')).toContain(`checkstop replay ${token}<`);

    await checkstop(['sample', 'direct-exit', 'guest-linux', '--runs', '2', ...files], { cwd });
    expect(read('junit')).toMatch(/<error type="incomplete" message="incomplete: no run .* no proof/);
    expect(read('junit')).toMatch(/>seed {7}1\n.*\nincomplete: 2 runs, \d+ steps\n/s);
    const notified = () => JSON.parse(read('sarif')).runs[0].invocations[0];
    expect(notified()).toMatchObject({ executionSuccessful: true, toolExecutionNotifications: [{ level: 'warning' }] });

    await checkstop(['sample', 'direct-exit', 'guest-linux', ...files], { cwd, interrupted: () => true });
    expect(notified()).toMatchObject({ executionSuccessful: false, toolExecutionNotifications: [{ level: 'error' }] });
  });

  it('says of a few runs which instructions they never struck', async () => {
    const { out } = await sample('direct-exit', 'guest-linux', '--runs', '1');
    expect(out).toMatch(/never struck: \n {2}0x[\da-f]{4} /);
  });

  it('does the same for the same seed, and something else for another', async () => {
    const said = async (seed: string) => {
      const { out } = await sample('hcall-hold', 'guest-linux', '--seed', seed, '--max-replays', '0');
      return [/seed \d+: (.*)/.exec(out)?.[1], /replay (\S+)/.exec(out)?.[1]];
    };
    const five = await said('5');
    expect(five).not.toContain(undefined);
    expect(await said('5')).toEqual(five);
    expect(await said('6')).not.toEqual(five);
  });

  it('finds everything that breaks, with --all, and stops at the first without', async () => {
    const cell = ['hcall-busy:interlock=none', 'guest-linux:testRi=false', '--runs', '200'];
    const properties = (out: string) => /^violated (.*):/m.exec(out)?.[1]?.split(', ').sort();
    const all = properties((await sample(...cell, '--all')).out);
    expect(all).toEqual(expect.arrayContaining(['noFalseResume', 'ownLog']));
    expect(properties((await sample(...cell)).out)).toHaveLength(1);
  });

  it.each([['pct', '--depth', '2'], ['round-robin']])('knows the scheduler %s', async (scheduler, ...depth) => {
    const { code, out } = await sample('hcall-hold', 'guest-linux', '--scheduler', scheduler, ...depth);
    expect(out).toContain(`scheduler  ${scheduler}${scheduler === 'pct' ? ', depth 2' : ''};`);
    expect(code).toBe(1);
  });

  it('keeps what it has when it is interrupted', async () => {
    let asked = 0;
    const { code, out } = await checkstop(['sample', 'direct-exit', 'guest-linux'], { interrupted: () => ++asked > 3 });
    expect(code).toBe(2);
    expect(out).toContain('It was interrupted.');
    const early = await checkstop(['sample', 'hcall-hold', 'guest-linux'], { interrupted: () => true });
    expect(early.code).toBe(2);
    expect(early.out).toMatch(/^incomplete: 0 runs, 0 steps/m);
  });

  it('tells of progress when asked to', async () => {
    const { err } = await sample('direct-exit', 'guest-linux', '--runs', '100', '--progress');
    expect(err).toMatch(/^direct-exit: (sample|done), \d+ runs?, [\d,]+ steps, 0 violations, [\d.]+ s$/m);
  });

  it('stops at the limit of steps of a run, and of time', async () => {
    const { code, out } = await sample('direct-exit', 'guest-linux', '--runs', '3', '--steps', '20');
    expect(code).toBe(2);
    expect(out).toContain('3 runs met the limit of steps.');
    const timed = await sample('direct-exit', 'guest-linux', '--runs', '1000000', '--max-seconds', '1');
    expect(timed.out).toContain('The limit of time was met.');
    expect(timed.code).toBe(2);
  });

  it.each([
    ['--scheduler', 'fair'],
    ['--seed', '4294967296'],
    ['--runs', '0'],
    ['--depth', '0'],
    ['--max-replays', 'many'],
  ])('refuses %s %s', async (option, value) => {
    const { code, err } = await sample('direct-exit', 'guest-linux', option, value);
    expect(err).toContain(`CLI_BAD_ARGUMENT`);
    expect(err).toContain(`${option} ${value}`);
    expect(code).toBe(3);
  });
});
