import pc from 'picocolors';
import { expect, it } from 'vitest';
import { effortText, verdictText } from './report.ts';
import { checkstop } from './testing.fixture.ts';

it('counts one of a thing in the singular', async () => {
  const { out } = await checkstop(['explore', 'direct-exit', 'guest-linux', '--max-states', '1']);
  expect(out).toMatch(/^The search is not complete: it met the limit of 1 state; /m);
  const vacuous = {
    verdict: 'vacuous',
    violations: [],
    goals: { reached: [], missing: ['A'] },
    complete: true,
  } as const;
  const result = { ...vacuous, states: 1, transitions: 1 };
  const machine = { properties: [], arena: { layout: { agents: 1 } } };
  expect(verdictText({ result, machine } as never, pc.createColors(false))).toBe('vacuous 1 goal never reached');
  expect(effortText({ result, machine, mode: 'unreduced', seconds: 1 } as never)).toBe('1 state, 1 transition, 1.00 s');
});
