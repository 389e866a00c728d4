import { expect, it } from 'vitest';
import { HOSTILE, hostileReport, report } from './report.fixture.ts';
import type { ReportCell } from './report.ts';
import { sarif } from './sarif.ts';

const parse = () => {
  const log = JSON.parse(sarif(report()));
  return { log, run: log.runs[0], results: log.runs[0].results };
};

it('says what it is', () => {
  const { log, run } = parse();
  expect(log).toMatchObject({ version: '2.1.0', $schema: expect.stringContaining('sarif-schema-2.1.0.json') });
  expect(run.tool.driver).toMatchObject({ name: 'checkstop', version: '1.2.3' });
  expect(run.invocations).toEqual([
    {
      executionSuccessful: false,
      toolExecutionNotifications: [
        { level: 'warning', message: { text: 'ordered x vacuous: vacuous: never reached: C' } },
        { level: 'error', message: { text: expect.stringContaining('crossed x incomplete: incomplete: ') } },
      ],
    },
  ]);
});

it('calls an execution successful when every search came to its end', () => {
  const { tool, cells } = report();
  const invocation = (...cells: ReportCell[]) => JSON.parse(sarif({ tool, cells })).runs[0].invocations[0];
  const [holds, , violated] = cells as [ReportCell, ReportCell, ReportCell];
  expect(invocation(holds, violated)).toEqual({ executionSuccessful: true, toolExecutionNotifications: [] });
  const cut = { ...violated, result: { ...violated.result, complete: false } };
  expect(invocation(holds, cut)).toEqual({
    executionSuccessful: false,
    toolExecutionNotifications: [
      { level: 'error', message: { text: expect.stringMatching(/^crossed x small: violated: .* there may be more$/) } },
    ],
  });
});

it('has a rule with a help text for each property, and points every result to its own', () => {
  const { run, results } = parse();
  const { rules } = run.tool.driver;
  expect(rules.map(({ id, help }: { id: string; help: unknown }) => [id, help])).toEqual([
    ['noDeadlock', { text: 'Nobody waits for ever.' }],
    ['allowed', { text: 'allowed' }],
    ['taken', { text: 'taken' }],
  ]);
  expect(results.map(({ ruleId }: { ruleId: string }) => ruleId)).toEqual(['noDeadlock', 'allowed']);
  for (const { ruleId, ruleIndex, level, kind } of results) {
    expect(rules[ruleIndex].id).toBe(ruleId);
    expect({ level, kind }).toEqual({ level: 'error', kind: 'fail' });
  }
});

it('locates an end at every vCPU, and a step at its instruction', () => {
  const [deadlock, forbidden] = parse().results;
  const second = {
    physicalLocation: { address: { absoluteAddress: 0x1004, kind: 'instruction', name: 'second' } },
    logicalLocations: [{ name: 'second', fullyQualifiedName: 'small!second (0x1004)', kind: 'function' }],
  };
  expect(deadlock.locations).toEqual([
    { ...second, message: { text: '0x1004 take B' } },
    { ...second, message: { text: '0x1004 take A' } },
  ]);
  expect(forbidden.locations).toMatchObject([{ logicalLocations: [{ name: 'start' }] }]);
});

it('tells the run as a code flow, in the order in which it happened', () => {
  const [deadlock] = parse().results;
  const { threadFlows } = deadlock.codeFlows[0];
  expect(threadFlows.map(({ id }: { id: string }) => id)).toEqual(['vcpu0', 'vcpu1']);
  const flows = threadFlows.flatMap(({ locations }: { locations: object[] }) => locations);
  expect(flows).toMatchObject([
    { executionOrder: 0, importance: 'important', location: { message: { text: '0x1000 take A' } } },
    {
      executionOrder: 1,
      importance: 'essential',
      location: { message: { text: '0x1000 take B\nallowed: B was taken' } },
    },
  ]);
  expect(flows[0].state).toEqual({
    A: { text: 'vcpu0' },
    B: { text: '-' },
    'toy[0].pc': { text: '0x1' },
    'toy[0].r[1]': { text: '0xfeed' },
    'locks.holder[0]': { text: '0x1' },
  });
});

it('gives every result what runs it again', () => {
  const [{ result }] = report().cells.slice(2);
  expect(
    parse().results.map(({ properties, message }: { properties: { token: string }; message: { text: string } }) => [
      properties.token,
      message.text.endsWith(`checkstop replay ${properties.token}`),
    ]),
  ).toEqual(result.violations.map(({ token }) => [token, true]));
});

it('carries whatever text comes, as it came', () => {
  const { tool, results } = JSON.parse(sarif(hostileReport())).runs[0];
  expect(tool.driver.name).toBe(HOSTILE);
  expect(results[0].properties.cell).toBe(`${HOSTILE} x ${HOSTILE}`);
  expect(results[0].message.text).toContain(`${HOSTILE}: somebody waits`);
});

it('is the same for the same search', () => {
  expect(sarif(report())).toBe(sarif(report()));
});
