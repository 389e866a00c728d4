import { describe, expect, it } from 'vitest';
import { html } from './html/page.ts';
import { complaintOf, judgementOf } from './judgement.ts';
import { junit } from './junit.ts';
import { mutantLines, type TriedMutant } from './mutants.ts';
import { HOSTILE, report as searched } from './report.fixture.ts';
import type { ReportCell } from './report.ts';
import { sarif } from './sarif.ts';
import { all, parseXml, textOf } from './well-formed.fixture.ts';

const KILLED: readonly TriedMutant[] = [
  { name: 'late', what: 'it comes late', outcome: 'killed', property: 'noDeadlock', token: 'cs1.late' },
  { name: 'deaf', what: 'it never hears', outcome: 'killed' },
  { name: 'afar', what: 'it acts elsewhere', outcome: 'idle' },
];
const SURVIVED: TriedMutant = { name: 'sly', what: HOSTILE, outcome: 'survived' };
const UNDECIDED: TriedMutant = { name: 'vast', what: 'it runs wild', outcome: 'undecided' };

/** A cell that holds, tried with mutants. */
const cell = (mutants: readonly TriedMutant[], mutantsRequired = false): ReportCell => ({
  ...(searched().cells[0] as ReportCell),
  mutants,
  mutantsRequired,
});
const report = (one: ReportCell) => ({ tool: { name: 'checkstop', version: '1.2.3' }, cells: [one] });

it('are told in lines', () => {
  expect(mutantLines([...KILLED, UNDECIDED])).toEqual([
    'killed 2 of 3 mutants: late, deaf',
    'undecided: vast (it runs wild): its search is not complete',
    'made no difference here: afar',
  ]);
  expect(mutantLines([SURVIVED], (outcome, text) => `${outcome}!${text}`)[1]).toMatch(/^survived!survived: sly /);
});

it('stand in every report, where they were tried', () => {
  const [out] = all(parseXml(junit(report(cell(KILLED)))), 'system-out').map(textOf);
  expect(out).toMatch(/\nkilled 2 of 2 mutants: late, deaf\nmade no difference here: afar\n$/);
  const notificationsOf = (one: ReportCell) =>
    JSON.parse(sarif(report(one))).runs[0].invocations[0].toolExecutionNotifications;
  expect(notificationsOf(cell(KILLED))).toEqual([
    {
      level: 'note',
      message: { text: expect.stringContaining('ordered x small: killed 2 of 2 mutants: late, deaf') },
      properties: { cell: 'ordered x small', mutants: KILLED },
    },
  ]);
  expect(notificationsOf(cell([SURVIVED]))).toMatchObject([{ level: 'warning' }]);
  const page = html(report(cell([...KILLED, SURVIVED])));
  const [, table = ''] = /(<table class="mutants">.*?<\/table>)/s.exec(page) ?? [];
  const rows = all(parseXml(table), 'tr').map(({ children }) =>
    children.map((child) => (typeof child === 'string' ? child : textOf(child))),
  );
  expect(rows.slice(1, 4)).toEqual([
    ['late', 'it comes late', 'killed', 'noDeadlock', 'checkstop replay cs1.late'],
    ['deaf', 'it never hears', 'killed', 'goals never reached', ''],
    ['afar', 'it acts elsewhere', 'idle', '', ''],
  ]);
  const [plain] = searched().cells as [ReportCell];
  for (const text of [
    junit(report(plain)),
    sarif(report(plain)),
    html(report(plain)).replace(/<style>.*<\/style>/s, ''),
  ])
    expect(text).not.toContain('mutant');
});

describe('where all have to be seen', () => {
  it.each([
    [KILLED, 'holds', undefined],
    [[...KILLED, SURVIVED], 'violated', 'no property saw sly'],
    [[...KILLED, UNDECIDED], 'incomplete', 'not decided whether a property sees vast'],
  ] as const)('%# is judged by them', (mutants, judgement, complaint) => {
    expect(judgementOf(cell(mutants))).toBe('holds');
    const demanded = cell(mutants, true);
    expect([judgementOf(demanded), complaintOf(demanded)]).toEqual([judgement, complaint]);
    const [suite] = all(parseXml(junit(report(demanded))), 'testsuite');
    expect(suite?.attributes).toMatchObject({
      failures: judgement === 'violated' ? '1' : '0',
      errors: judgement === 'incomplete' ? '1' : '0',
    });
  });
});
