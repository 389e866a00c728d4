import { type Machine, parseSchedule, scheduleLength } from '@checkstop/kernel';
import { expect, it } from 'vitest';
import { following } from './following.ts';
import { type Op, toyMachine } from './toy.fixture.ts';
import { fold, Walk } from './walk.ts';

const work = (steps: number): Op[] => Array(steps).fill({ op: 'stash' });
const spin: Op[] = [{ op: 'jump', to: 0 }];

const follow = (machine: Machine, text: string, maxSteps = 100) => {
  const walk = new Walk(machine, following(machine, parseSchedule(text)), {
    properties: [],
    maxSteps,
    known: new Set(),
  });
  const { reason } = walk.run();
  return { reason, turns: fold(walk.taken).map(({ agent, action, count }) => `${agent} ${action} ${count}`) };
};

it('follows what is possible, leaves out what is not, and then lets each agent go to its end', () => {
  const machine = toyMachine({ programs: [work(3), work(4)] });
  expect(follow(machine, '1 0*9 7 1:fault 0 1')).toEqual({
    reason: 'end',
    turns: ['1 step 1', '0 step 3', '1 step 3'],
  });
});

it('turns away from an agent that goes in circles, and does not come back while another gets anywhere', () => {
  const machine = toyMachine({ programs: [spin, work(3), work(2)] });
  const { turns, reason } = follow(machine, '', 20);
  expect(turns.slice(0, 3)).toEqual(['0 step 1', '1 step 3', '2 step 2']);
  expect(reason).toBe('limit');
});

it('gives answers to the choices of the steps that had them', () => {
  const machine = toyMachine({
    programs: [
      [
        { op: 'choose', count: 9 },
        { op: 'choose', count: 9 },
      ],
      work(1),
    ],
  });
  const walk = new Walk(machine, following(machine, parseSchedule('1 0?7')), {
    properties: [],
    maxSteps: 9,
    known: new Set(),
  });
  walk.run();
  expect(walk.taken.map(({ answers }) => answers)).toEqual([[], [7], [0]]);
  expect(scheduleLength(walk.taken)).toBe(3);
});
