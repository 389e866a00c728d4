import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatToken, parseToken } from '@checkstop/explorer';
import { beforeAll, describe, expect, it } from 'vitest';
import { parseCellSpec, prepareCell } from '../cell.ts';
import { checkstop, type Outcome, temporaryFolder } from '../testing.fixture.ts';

const BUSY = ['explore', 'hcall-busy', 'guest-linux'];
const cwd = temporaryFolder();
let found: Outcome;
let tokens: string[];
beforeAll(async () => {
  const files = ['json', 'junit', 'sarif', 'html'].flatMap((format) => [`--${format}`, `busy.${format}`]);
  found = await checkstop([...BUSY, '--liveness', ...files], { cwd });
  tokens = [...found.out.matchAll(/^checkstop replay (\S+)$/gm)].map(([, token = '']) => token);
}, 60_000);
const read = (format: string): string => readFileSync(join(cwd, `busy.${format}`), 'utf8');

describe('--liveness', () => {
  it('says by profile what holds, which is no part of the verdict', () => {
    expect(found.out).toMatch(
      /^holds; progress: none violated, weak violated, strong holds, FIFO locks holds: \d+ states/m,
    );
    expect(found.code).toBe(0);
  });

  it('tells stem and loop in columns', () => {
    const [, told = ''] =
      /^progress under weak fairness: .*\n\(2 checks, .*a loop of 6 steps\)\n(.*?)\n\n/ms.exec(found.out) ?? [];
    expect(told).toMatch(
      /\*\*\* check \*\*\*.*\n {2}-- the loop begins\n.*\n {2}-- the state is that in which the loop began$/s,
    );
    expect(told).not.toContain('!!');
  });

  it('is left out unless asked for: then what holds is safety', async () => {
    const { out } = await checkstop([...BUSY, '--json', 'v.json'], { cwd });
    expect(out).toMatch(/^holds \(safety\): /m);
    const [cell] = JSON.parse(readFileSync(join(cwd, 'v.json'), 'utf8')).cells;
    expect(cell.properties).not.toContain('progress');
    expect(cell).not.toHaveProperty('liveness');
  });

  it('stands in every report', () => {
    const [none, weak] = tokens;
    const [cell] = JSON.parse(read('json')).cells;
    expect(cell.properties).toContain('progress');
    expect(cell.liveness).toEqual({
      progress: {
        none: { verdict: 'violated', lasso: { vcpu: 0, checks: 2, stem: 15, loop: 6, token: none } },
        weak: { verdict: 'violated', lasso: { vcpu: 0, checks: 2, stem: 52, loop: 6, token: weak } },
        strong: { verdict: 'holds' },
        fifoLocks: { verdict: 'holds' },
      },
    });
    expect(read('junit')).toContain('progress: none violated, weak violated, strong holds, FIFO locks holds\n');
    const [{ results }] = JSON.parse(read('sarif')).runs;
    expect(results).toMatchObject(
      [none, weak].map((token) => ({ ruleId: 'progress', level: 'note', properties: { token } })),
    );
    for (const token of [none, weak]) expect(read('html')).toContain(`checkstop replay ${token}<`);
  });

  it('looks at the same cell with FIFO locks, unless it has them, and tells how progress is violated there', async () => {
    const hold = ['explore', 'hcall-hold', 'guest-linux', '--liveness'];
    const { out } = await checkstop([...hold, '--sarif', 'hold.sarif'], { cwd });
    expect(out).toMatch(
      /^violated noDeadlock; progress: none violated, weak violated, strong violated, FIFO locks violated: /m,
    );
    const [, token = ''] =
      /^progress under weak fairness with FIFO locks: .*?^checkstop replay (\S+)$/ms.exec(out) ?? [];
    expect(parseCellSpec(parseToken(token).config).hypervisor.options).toEqual({ bql: 'fifo' });
    const [{ results }] = JSON.parse(readFileSync(join(cwd, 'hold.sarif'), 'utf8')).runs;
    expect(results.at(-1)).toMatchObject({
      level: 'note',
      message: { text: expect.stringContaining('hcall-hold x guest-linux: under weak fairness with FIFO locks, ') },
      properties: { token, bounds: expect.arrayContaining([expect.stringContaining('bql=fifo')]) },
    });
    const fifo = await checkstop([...hold, '--hypervisor', 'qemu:bql=fifo']);
    expect(fifo.out).toMatch(/^violated noDeadlock; progress: none violated, weak violated, strong violated: /m);
  });

  it('leaves the verdict alone when a limit is met', async () => {
    const { code, out } = await checkstop([...BUSY, '--liveness', '--max-states', '500'], { cwd });
    expect(out).toMatch(/^holds; progress: incomplete \(limit of states\): /m);
    expect(out).toMatch(/^Liveness is not decided: the search met the limit of 500 states; --max-states raises it\.$/m);
    expect(code).toBe(2);
  });
});

describe('--fairness', () => {
  it.each([
    ['weak', 1, 'failure'],
    ['strong', 0, undefined],
  ])('%s says what has to hold: exit code %d', async (fairness, expected, outcome) => {
    const { code, out } = await checkstop([...BUSY, '--fairness', fairness, '--junit', 'j.xml'], { cwd });
    expect(out).toContain('holds; progress: none violated, weak violated, strong holds, FIFO locks holds');
    expect(code).toBe(expected);
    const [, tag] = /<(failure|error) /.exec(readFileSync(join(cwd, 'j.xml'), 'utf8')) ?? [];
    expect(tag).toBe(outcome);
  });

  it('names a profile', async () => {
    const { code, err } = await checkstop([...BUSY, '--fairness', 'some']);
    expect(err).toContain("error CLI_BAD_ARGUMENT: '--fairness some' is no profile of fairness");
    expect(code).toBe(3);
  });
});

describe('replay of a lasso', () => {
  it('runs stem and loop, and finds out anew what that shows', async () => {
    for (const [i, token] of tokens.slice(0, 2).entries()) {
      const { code, out } = await checkstop(['replay', token]);
      expect(out).toContain('-- the loop begins');
      expect(out).toMatch(new RegExp(`^progress under ${['no', 'weak'][i]} fairness: what is pending for vcpu0`, 'm'));
      expect(out).toMatch(/^\d+ steps and a loop of 6 steps, state [\da-f]{16} before and after it as recorded$/m);
      expect(code).toBe(1);
    }
  });

  it('runs a loop in which checks strike, where they strike for ever', async () => {
    const cell = ['direct-exit', 'guest-linux', '--checks', 'unbounded', '--hypervisor', 'qemu:bql=fifo'];
    const { out, code } = await checkstop(['explore', ...cell, '--fairness', 'weak']);
    expect([code, out]).toEqual([1, expect.stringMatching(/^checks {5}perVcpu unbounded, /m)]);
    const [, token = ''] = /^progress under weak fairness: .*?^checkstop replay (\S+)$/ms.exec(out) ?? [];
    const replayed = await checkstop(['replay', token]);
    expect(replayed.out).toMatch(/-- the loop begins\n.*\*\*\* check \*\*\*.*\n {2}-- the state is that in which/s);
    expect(replayed.out).toMatch(/ steps of vcpu0, vcpu1 lead back to where the loop began$/m);
    expect(replayed.code).toBe(1);
  });

  it.each([
    ['a fairer run than it is', { fairness: 'strong' as const }, 'an agent is treated unfairly'],
    ['a loop that is none', { schedule: [{ agent: 0, action: 'step', count: 5, answers: [] }] }, 'does not lead back'],
    ['a property that there is not', { property: 'noDeadlock' }, 'TOKEN_NO_PROPERTY'],
    ['a vCPU that there is not', { agent: 7 }, 'TOKEN_NO_PROPERTY'],
  ])('refuses a token that claims %s', async (_what, wrong, said) => {
    const token = parseToken(tokens[1] ?? '');
    if (!token.loop) throw new Error('no loop');
    const machine = (await prepareCell(parseCellSpec(token.config))).boot();
    const { code, err } = await checkstop([
      'replay',
      formatToken(machine, { ...token, loop: { ...token.loop, ...wrong } }),
    ]);
    expect(err).toContain(said);
    expect(code).toBe(3);
  });

  it('minds the recorded state', async () => {
    const token = parseToken(tokens[1] ?? '');
    const machine = (await prepareCell(parseCellSpec(token.config))).boot();
    const { err } = await checkstop(['replay', formatToken(machine, { ...token, hash: '0'.repeat(16) })]);
    expect(err).toContain('TOKEN_OTHER_STATE');
  });
});
