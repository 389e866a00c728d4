import { expect, it } from 'vitest';
import { junit } from './junit.ts';
import { CARRIED, hostileReport, report } from './report.fixture.ts';
import { all, parseXml, textOf } from './well-formed.fixture.ts';

it('gives each row a suite and each cell a test case', () => {
  const root = parseXml(junit(report()));
  expect(root).toMatchObject({
    name: 'testsuites',
    attributes: { name: 'checkstop', tests: '4', failures: '2', errors: '1', skipped: '0', time: '1.000' },
  });
  expect(all(root, 'testsuite').map(({ attributes }) => attributes)).toEqual([
    { name: 'ordered', tests: '2', failures: '1', errors: '0', skipped: '0', time: '0.500' },
    { name: 'crossed', tests: '2', failures: '1', errors: '1', skipped: '0', time: '0.500' },
  ]);
  const outcomes = all(root, 'testcase').map((testCase) => [
    testCase.attributes.classname,
    testCase.attributes.name,
    testCase.children.flatMap((child) => (typeof child === 'string' ? [] : [child.name, child.attributes.message])),
  ]);
  expect(outcomes).toEqual([
    ['ordered', 'small', ['system-out', undefined]],
    ['ordered', 'vacuous', ['failure', 'vacuous: never reached: C', 'system-out', undefined]],
    ['crossed', 'small', ['failure', 'violated: noDeadlock, allowed', 'system-out', undefined]],
    ['crossed', 'incomplete', ['error', expect.stringContaining('met its limit of states'), 'system-out', undefined]],
  ]);
});

it('says which property each violation is of, and how to run it again', () => {
  const { cells, ...rest } = report();
  const [failure] = all(parseXml(junit({ ...rest, cells })), 'failure').slice(-1);
  const text = failure ? textOf(failure) : '';
  for (const { property, token } of cells[2]?.result.violations ?? []) {
    expect(text).toContain(`${property}: `);
    expect(text).toContain(`checkstop replay ${token}\n`);
  }
});

it('carries whatever text comes', () => {
  const root = parseXml(junit(hostileReport()));
  expect(root.attributes.name).toBe(CARRIED);
  expect(all(root, 'testcase')[0]?.attributes).toMatchObject({ classname: CARRIED, name: CARRIED });
  expect(textOf(all(root, 'failure')[0] ?? root)).toContain(`${CARRIED} was taken`);
});

it('is the same for the same search', () => {
  expect(junit(report())).toBe(junit(report()));
});
