import { expect, it } from 'vitest';
import { costOf } from './report.ts';

it.each([
  [1, 1, 1, '1 check, 1 preemption, 1 visible step'],
  [0, 2, 1234, '0 checks, 2 preemptions, 1,234 visible steps'],
])('counts in words', (faults, preemptions, steps, text) => {
  const run = { schedule: [], token: '', faults, preemptions, steps };
  expect(costOf({ ...run, shortest: false })).toBe(text);
  expect(costOf({ ...run, shortest: true })).toBe(`${text}, the shortest there is`);
});
