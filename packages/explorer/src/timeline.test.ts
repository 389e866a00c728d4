import { expect, it } from 'vitest';
import { renderTimeline } from './render.ts';
import { explore } from './search.ts';
import { timeline } from './timeline.ts';
import { type Op, toyMachine } from './toy.fixture.ts';

const worker: Op[] = [
  { op: 'set', value: 1 },
  { op: 'stash' },
  { op: 'lock' },
  { op: 'poke', address: 0 },
  { op: 'unlock' },
  { op: 'jump', to: 99 },
];
const handler: Op[] = [{ op: 'set', value: 2 }, { op: 'say' }, { op: 'lock' }];

const machine = toyMachine({
  programs: [
    [...worker, ...handler],
    [...worker, ...handler],
  ],
  handler: worker.length,
  faults: 1,
  properties: (view) => [
    {
      kind: 'bottom',
      name: 'noDeadlock',
      check: () => ([0, 1].some((a) => view.waits(a)) ? 'somebody waits' : undefined),
    },
  ],
});

it('tells a deadlock in columns', () => {
  const result = explore(machine).run();
  expect(result.violations).toMatchObject([{ property: 'noDeadlock', faults: 1, preemptions: 0 }]);
  const told = timeline(machine, result.violations[0].schedule);
  expect(renderTimeline(told, { width: 120 })).toMatchInlineSnapshot(`
    "       toy0                                                  toy1                                                  lock
        0  *** fault *** before {"op":"set","value":1}                                                                 -
        1  ... 2 steps from {"op":"set","value":2}
        3  {"op":"lock"}                                                                                               toy0
        4                                                        ... 2 steps from {"op":"set","value":1}
      !! noDeadlock: somebody waits"
  `);
  expect(told.rows.every((row) => row.lanes.length === 1)).toBe(true);
});

it('tells the same line by line where columns would cut it off', () => {
  const told = timeline(machine, explore(machine).run().violations[0].schedule);
  const [wide, narrow] = [101, 100].map((width) => renderTimeline(told, { width }));
  expect(wide).toMatch(/toy0 +toy1 +lock/);
  expect(narrow).toMatchInlineSnapshot(`
    "    0  toy0  *** fault *** before {"op":"set","value":1}  lock -
        1  toy0  ... 2 steps from {"op":"set","value":2}
        3  toy0  {"op":"lock"}  lock toy0
        4  toy1  ... 2 steps from {"op":"set","value":1}
      !! noDeadlock: somebody waits"
  `);
  expect(renderTimeline(told, { width: 55 })).toMatch(/^ {4}0 {2}toy0 {2}\*\*\* fault .*\n {13}lock -\n/);
});

it('says what each step changed, and where everybody stands in the end', () => {
  const told = timeline(machine, [{ agent: 0, action: 'step', count: 2, answers: [] }], { changes: true });
  expect(told.rows.map(({ text, changes }) => [text, changes])).toEqual([
    [
      '{"op":"set","value":1}',
      [
        { name: 'toy.agent[0].pc', before: '0x0', after: '0x1' },
        { name: 'toy.agent[0].acc', before: '0x0', after: '0x1' },
      ],
    ],
    [
      '{"op":"stash"}',
      [
        { name: 'toy.agent[0].pc', before: '0x1', after: '0x2' },
        { name: 'toy.agent[0].scratch', before: '0x0', after: '0x1' },
      ],
    ],
  ]);
  expect(told.next).toEqual(['{"op":"lock"}', '{"op":"set","value":1}']);
});

it('leaves the machine as it was', () => {
  const before = machine.arena.computeHash();
  timeline(machine, [{ agent: 0, action: 'step', count: 3, answers: [] }]);
  expect(machine.arena.computeHash()).toBe(before);
});

it('marks where the loop of a run without an end begins, and folds no steps across it', () => {
  const spinner = toyMachine({
    programs: [
      [
        { op: 'add', value: 0 },
        { op: 'jump', to: 0 },
      ],
      [{ op: 'lock' }],
    ],
  });
  const schedule = [{ agent: 0, action: 'step', count: 4, answers: [] }];
  const told = timeline(spinner, schedule, { loopAt: 2 });
  expect(told.loopAt).toBe(2);
  expect(renderTimeline(told, { width: 120 }).split('\n').slice(1)).toEqual([
    expect.stringMatching(/^ {4}0 {2}\.\.\. 2 steps from /),
    '  -- the loop begins',
    expect.stringMatching(/^ {4}2 {2}\.\.\. 2 steps from /),
    '  -- the state is that in which the loop began',
  ]);
  expect(renderTimeline(timeline(spinner, schedule, { loopAt: 4 }))).not.toContain('--');
});

it('has nothing to say against the end of a loop', () => {
  const [{ schedule }] = explore(machine).run().violations;
  expect(timeline(machine, schedule).ending).toHaveLength(1);
  expect(timeline(machine, schedule, { loopAt: 0 }).ending).toEqual([]);
});
