import { explore, timeline } from '@checkstop/explorer';
import { createMachine, definePlugin, u32 } from '@checkstop/kernel';
import { describe, expect, it } from 'vitest';
import { html } from './html/page.ts';
import { complaintOf, judgementOf } from './judgement.ts';
import { junit } from './junit.ts';
import { lassoCostOf, livenessText } from './liveness.ts';
import type { ReportCell } from './report.ts';
import { sarif } from './sarif.ts';
import { all, parseXml, textOf } from './well-formed.fixture.ts';

/** One agent turns for ever, another takes one step when it is let. */
const turning = definePlugin({
  name: 'turning',
  version: '1.0.0',
  contract: 1,
  agents: () => 2,
  setup(ctx) {
    const own = ctx.state('perAgent', 'turning.agent', { pc: u32 });
    ctx.drive((index) => ({
      name: ['turner', 'waiter'][index] as string,
      enabled: () => index === 0 || own.at(index).pc === 0,
      step() {
        own.at(index).pc = 1 - own.at(index).pc;
        return 1;
      },
    }));
    ctx.describe({ agent: (index) => (index === 0 ? 'turn' : 'go'), lanes: [] });
    ctx.property({ kind: 'response', name: 'goes', pending: (agent) => agent === 1 && own.at(1).pc === 0 });
  },
});

/** That machine as a searched cell; `decided`: the search was let to its end. */
function cell(fairness?: ReportCell['fairness'], decided = true): ReportCell {
  const machine = createMachine({ plugins: [turning()] });
  const search = explore(machine, { liveness: true });
  while (decided ? !search.done : search.progress().phase !== 'liveness') search.advance(1);
  return {
    ...{ row: 'turning', column: 'toy', effort: 'a moment', seconds: 0, bounds: [], symbols: new Map() },
    result: search.result(),
    properties: machine.properties,
    ...(fairness && { fairness }),
    tell: ({ schedule }, loopAt) => timeline(machine, schedule, loopAt === undefined ? {} : { loopAt }),
  };
}
const report = (...cells: ReportCell[]) => ({ tool: { name: 'checkstop', version: '1.2.3' }, cells });

describe('liveness', () => {
  it('is told profile by profile', () => {
    expect(livenessText(cell())).toBe('goes: none violated, weak holds, strong holds');
    expect(livenessText({ ...cell(), fifoLocks: cell(undefined, false) })).toBe(
      'goes: none violated, weak holds, strong holds, FIFO locks incomplete',
    );
    expect(livenessText(cell(undefined, false))).toBe('goes: incomplete');
    const { result, ...rest } = cell();
    const { lassos: _, ...unasked } = result;
    expect(livenessText({ ...rest, result: unasked })).toBe('');
  });

  it.each([
    [undefined, true, 'holds', undefined],
    ['weak', true, 'holds', undefined],
    ['none', true, 'violated', 'goes under no fairness'],
    ['weak', false, 'incomplete', 'the search was interrupted before it decided liveness'],
  ] as const)('demanded under %s, decided: %s: %s', (fairness, decided, judgement, complaint) => {
    expect(judgementOf(cell(fairness, decided))).toBe(judgement);
    expect(complaintOf(cell(fairness, decided))).toBe(complaint);
    const [suite] = all(parseXml(junit(report(cell(fairness, decided)))), 'testsuite');
    expect(suite?.attributes).toMatchObject({
      failures: judgement === 'violated' ? '1' : '0',
      errors: judgement === 'incomplete' ? '1' : '0',
    });
    const [{ invocations }] = JSON.parse(sarif(report(cell(fairness, decided)))).runs;
    expect(invocations[0].executionSuccessful).toBe(decided);
    expect(invocations[0].toolExecutionNotifications).toHaveLength(decided ? 0 : 1);
  });

  it('counts what it takes to get into a loop, and the loop', () => {
    const [lasso] = cell().result.lassos ?? [];
    if (!lasso) throw new Error('no lasso');
    expect(lassoCostOf(lasso)).toMatch(/^0 checks, \d visible steps? in stem and loop, a loop of 2 steps$/);
    expect(lassoCostOf({ ...lasso, loop: [] })).toMatch(/, and no step after that$/);
  });

  it('with FIFO locks is told by the other machine, under weak fairness alone', () => {
    const { result, tell, ...rest } = cell();
    const [lasso] = result.lassos ?? [];
    if (!lasso) throw new Error('no lasso');
    const fifoLocks: ReportCell = {
      ...rest,
      result: { ...result, lassos: [lasso, { ...lasso, fairness: 'weak' }] },
      tell: (run, loopAt) => ({ ...tell(run, loopAt), next: ['where it waits in the queue'] }),
    };
    const runOf = (inOrder: ReportCell) => JSON.parse(sarif(report({ ...cell('none'), fifoLocks: inOrder }))).runs[0];
    const { results, invocations } = runOf(fifoLocks);
    expect(results).toMatchObject([
      { level: 'error', partialFingerprints: { 'cellAndProperty/v1': 'turning x toy: goes: none' } },
      {
        level: 'note',
        message: { text: expect.stringMatching(/^turning x toy: under weak fairness with FIFO locks, /) },
        locations: [{ message: { text: 'where it waits in the queue' } }],
        partialFingerprints: { 'cellAndProperty/v1': 'turning x toy: goes: weak with FIFO locks' },
      },
    ]);
    expect(invocations[0].toolExecutionNotifications).toEqual([]);
    expect(runOf(cell(undefined, false)).invocations).toMatchObject([
      {
        executionSuccessful: true,
        toolExecutionNotifications: [{ level: 'warning', message: { text: expect.stringContaining('FIFO locks') } }],
      },
    ]);
  });

  it('has its lassos in every report, the line that replays them beside', () => {
    const [{ token } = { token: '' }] = cell().result.lassos ?? [];
    const command = `checkstop replay ${token}`;
    const [out] = all(parseXml(junit(report(cell()))), 'system-out').map(textOf);
    expect(out).toContain(`goes under no fairness: what is pending for waiter stays pending for ever`);
    expect(out).toContain(command);
    const [failure] = all(parseXml(junit(report(cell('none')))), 'failure').map(textOf);
    expect(failure).toContain(command);
    const results = (c: ReportCell) => JSON.parse(sarif(report(c))).runs[0].results;
    expect(results(cell())).toMatchObject([
      { ruleId: 'goes', level: 'note', properties: { token, fairness: 'none', loop: { from: 0, steps: 2 } } },
    ]);
    expect(results(cell('none'))).toMatchObject([{ level: 'error' }]);
    const page = html(report(cell()));
    expect(page).toContain(`${command}<`);
    expect(page).toMatch(/the loop begins.*turn.*turn.*the state is that in which the loop began/s);
  });
});
