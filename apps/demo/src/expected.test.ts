import { expect, it } from 'vitest';
import { expected, type Found, surprise } from './expected.ts';

const found = (strategy: string, guest: string, verdict: string, ...properties: string[]): Found => ({
  cell: { spec: { strategy: { name: strategy, options: {} }, guest: { name: guest, options: {} } } },
  result: { verdict, violations: properties.map((property) => ({ property })) },
});

it.each([
  [found('hcall-busy', 'guest-linux', 'holds'), undefined],
  [found('hcall-hold', 'guest-linux', 'violated', 'ownLog', 'noDeadlock'), undefined],
  [found('hcall-busy', 'guest-linux', 'vacuous'), 'hcall-busy x guest-linux: expected holds, found vacuous'],
  [
    found('hcall-hold', 'guest-linux', 'violated', 'ownLog'),
    'hcall-hold x guest-linux: expected violated noDeadlock, found violated ownLog',
  ],
  [found('mine', 'guest-linux', 'holds'), 'mine x guest-linux: expected nothing, found holds'],
])('%j', (cell, text) => {
  expect(surprise(cell)).toBe(text);
});

it('expects something of all ten cells', () => {
  expect(Object.values(expected).flatMap((guests) => Object.keys(guests))).toHaveLength(10);
});
