import type { Property } from '@checkstop/kernel';
import { expect, it } from 'vitest';
import { judgeEnding } from './ending.ts';
import { rerun } from './rerun.ts';
import { type Op, toyMachine } from './toy.fixture.ts';

const counting: Op[] = [
  { op: 'add', value: 1 },
  { op: 'jump', to: 0 },
];
const ends: Property = { kind: 'bottom', name: 'ends', check: () => 'does not' };
const endless = (agents: number) => toyMachine({ programs: Array(agents).fill(counting), properties: () => [ends] });

it('says that it does not know, rather than nothing is wrong, when too much can follow', () => {
  // Two agents with two places and eight values each.
  expect(judgeEnding(endless(2), [ends], 256)).toMatchObject([{ text: 'does not' }]);
  expect(judgeEnding(endless(2), [ends], 255)).toBeUndefined();
  expect(rerun(endless(2), [])).toMatchObject({ endKnown: true, ending: [{ property: 'ends' }] });
  expect(rerun(endless(5), [])).toMatchObject({ endKnown: false, ending: [] });
});

it('asks nothing of an end about which no property has anything to say', () => {
  expect(rerun(endless(5), [], [{ ...ends, check: () => undefined }])).toMatchObject({ endKnown: true, ending: [] });
});
