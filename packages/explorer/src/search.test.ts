import type { Property } from '@checkstop/kernel';
import { describe, expect, it } from 'vitest';
import { counted, increment, said } from './racing.fixture.ts';
import { explore } from './search.ts';
import { type Op, type Toy, toyMachine, type View } from './toy.fixture.ts';

const locked = (body: Op[]): Op[] => [{ op: 'lock' }, ...body, { op: 'unlock' }];

/** Dekker's flags without turns: raise mine, look at yours, enter if it is down. */
const enter = (mine: number, yours: number, raiseFirst: boolean): Op[] => {
  const raise: Op[] = [
    { op: 'set', value: 1 },
    { op: 'store', cell: mine },
  ];
  const look: Op[] = [
    { op: 'load', cell: yours },
    { op: 'jump-if-zero', to: raiseFirst ? 5 : 3 },
    { op: 'jump', to: 99 },
  ];
  const critical: Op[] = [
    { op: 'load', cell: 2 },
    { op: 'add', value: 1 },
    { op: 'store', cell: 2 },
    { op: 'say' },
    { op: 'add', value: 7 },
    { op: 'store', cell: 2 },
  ];
  return raiseFirst ? [...raise, ...look, ...critical] : [...look, ...raise, ...critical];
};

describe.each(['reduced', 'closure', 'unreduced'] as const)('%s search', (mode) => {
  const run = (toy: Toy) => explore(toyMachine(toy), { mode }).run();

  it('finds a lost update, with one preemption', () => {
    const result = run({ programs: [increment, increment], properties: counted });
    expect(result.verdict).toBe('violated');
    expect(result.violations).toMatchObject([
      { property: 'counted', text: 'the counter ends at 1', faults: 0, preemptions: 1, steps: 4, shortest: true },
    ]);
  });

  it('says that the lock repairs it', () => {
    const result = run({ programs: [locked(increment), locked(increment)], properties: counted });
    expect(result).toMatchObject({ verdict: 'holds', violations: [], complete: true, restarts: 0, visited: 'exact' });
  });

  it('tells mutual exclusion by flags from a check that comes too early', () => {
    const together = [said('together', 2)];
    const programs = (raiseFirst: boolean) => [enter(0, 1, raiseFirst), enter(1, 0, raiseFirst)];
    expect(run({ programs: programs(true), properties: () => together }).verdict).toBe('holds');
    expect(run({ programs: programs(false), properties: () => together }).verdict).toBe('violated');
  });

  it('finds what only a fault at one boundary does', () => {
    const program: Op[] = [
      { op: 'set', value: 1 },
      { op: 'set', value: 2 },
      { op: 'set', value: 3 },
      { op: 'jump', to: 99 },
      { op: 'say' },
    ];
    const result = run({ programs: [program], handler: 4, faults: 1, properties: () => [said('quiet', 2)] });
    expect(result.violations).toMatchObject([{ property: 'quiet', faults: 1 }]);
    expect(result.violations[0].schedule).toMatchObject([{ count: 2 }, { action: 'fault' }, { count: 1 }]);
    expect(new Set(result.coverage)).toEqual(
      new Set(program.map((op, i) => ({ where: JSON.stringify(op), tags: i < 4 ? ['fault'] : [] }))),
    );
  });

  it('does not let anybody wait for a fault', () => {
    const properties = (view: View): Property[] => [
      { kind: 'bottom', name: 'noDeadlock', check: () => (view.waits(1) ? 'agent 1 waits' : undefined) },
    ];
    const programs: Op[][] = [[{ op: 'lock' }, { op: 'jump', to: 1 }, { op: 'unlock' }], [{ op: 'lock' }]];
    expect(run({ programs, handler: 2, faults: 1, properties }).violations).toMatchObject([{ faults: 0 }]);
  });

  it('ends on code that loops without ever touching anything', () => {
    const properties = (view: View): Property[] => [
      { kind: 'bottom', name: 'noHang', check: () => (view.pc(0) < 99 ? 'agent 0 spins' : undefined) },
    ];
    const spin: Op[] = [
      { op: 'add', value: 1 },
      { op: 'jump', to: 0 },
    ];
    const result = run({ programs: [spin, increment], properties });
    expect(result.violations).toMatchObject([{ property: 'noHang', text: 'agent 0 spins' }]);
  });

  it('excuses a loop in which something is wrong in some states only', () => {
    const spin: Op[] = [
      { op: 'set', value: 0 },
      { op: 'jump', to: 0 },
    ];
    const wrongAt = (...at: number[]) =>
      run({
        programs: [spin, spin],
        properties: (view) => [
          { kind: 'bottom', name: 'noHang', check: () => (at.includes(view.pc(0)) ? 'spins' : undefined) },
        ],
      }).verdict;
    expect([wrongAt(0), wrongAt(1), wrongAt(0, 1)]).toEqual(['holds', 'holds', 'violated']);
  });

  it('ends a counterexample with the first step into a loop, wherever that is entered', () => {
    const programs: Op[][] = [
      [
        { op: 'load', cell: 0 },
        { op: 'jump', to: 0 },
      ],
      [
        { op: 'add', value: 0 },
        { op: 'jump', to: 1 },
      ],
    ];
    const properties = (): Property[] => [{ kind: 'bottom', name: 'ends', check: () => 'does not' }];
    expect(run({ programs, properties }).violations).toMatchObject([{ preemptions: 0, schedule: [{ agent: 1 }] }]);
  });

  it('ends a counterexample between two visible steps, if that is where the loop begins', () => {
    // The loop begins at the load; what comes before it is local.
    const looping: Op[] = [
      { op: 'add', value: 0 },
      { op: 'load', cell: 0 },
      { op: 'jump', to: 1 },
    ];
    const properties = (): Property[] => [{ kind: 'bottom', name: 'ends', check: () => 'does not' }];
    expect(run({ programs: [looping, looping], properties }).violations).toMatchObject([
      { preemptions: 1, steps: 0, schedule: [{ count: 1 }, { count: 1 }] },
    ]);
  });

  it('knows a loop that can be left from one that cannot', () => {
    const properties = (view: View): Property[] => [
      { kind: 'bottom', name: 'noHang', check: () => (view.cell(0) === 0 ? 'still waiting' : undefined) },
    ];
    const poll: Op[] = [
      { op: 'load', cell: 0 },
      { op: 'jump-if-zero', to: 0 },
    ];
    expect(run({ programs: [poll, increment], properties }).verdict).toBe('holds');
    expect(run({ programs: [poll, [{ op: 'load', cell: 0 }]], properties }).verdict).toBe('violated');
  });

  it('calls a verdict vacuous while a goal was not reached, and shows how one was', () => {
    const goal = (...keys: string[]): Property => ({
      kind: 'goal',
      name: 'words',
      on: ['said'],
      reach: (event) => ('word' in event ? `word ${event.word}` : undefined),
      goals: () => keys,
    });
    const programs: Op[][] = [[...increment, { op: 'say' }], increment];
    const vacuous = run({ programs, properties: () => [goal('word 1', 'word 2', 'word 3')] });
    expect(vacuous.verdict).toBe('vacuous');
    expect(vacuous.goals).toEqual({ reached: ['word 1', 'word 2'], missing: ['word 3'] });
    const fine = run({ programs, properties: () => [goal('word 1')] });
    expect(fine).toMatchObject({ verdict: 'holds', witness: { preemptions: 0, schedule: [{ agent: 0, count: 4 }] } });
  });

  it('judges each property for itself', () => {
    const properties = (view: View): Property[] => [
      said('never-1', 1),
      said('never-7', 7),
      said('never-2', 2),
      { kind: 'invariant', name: 'small', check: () => (view.cell(0) > 1 ? 'grew' : undefined) },
    ];
    const result = run({ programs: [[...increment, { op: 'say' }], increment], properties });
    expect(result.violations.map(({ property }) => property)).toEqual(['never-1', 'never-2', 'small']);
  });

  it('sees an invariant broken by a step that was none of its business where it was first taken', () => {
    const loop = (body: Op[]): Op[] => [...locked(body), { op: 'jump', to: 0 }];
    const flash = loop([
      { op: 'set', value: 3 },
      { op: 'set', value: 0 },
    ]);
    const arm = locked([
      { op: 'set', value: 1 },
      { op: 'store', cell: 0 },
    ]);
    const properties = (view: View): Property[] => [
      { kind: 'invariant', name: 'apart', check: () => (view.cell(0) === 1 && view.acc(0) === 3 ? 'met' : undefined) },
    ];
    expect(run({ programs: [flash, arm], properties }).violations).toMatchObject([{ property: 'apart', text: 'met' }]);
  });

  it('sees an invariant that is broken from the start', () => {
    const properties = (): Property[] => [{ kind: 'invariant', name: 'impossible', check: () => 'always broken' }];
    const result = run({ programs: [increment], properties });
    expect(result.violations).toMatchObject([{ property: 'impossible', schedule: [], text: 'always broken' }]);
  });

  it('stops where the machine stops', () => {
    const result = run({ programs: [[{ op: 'stop' }], [...increment, { op: 'say' }]], properties: counted });
    expect(result.verdict).toBe('holds');
  });

  it('tries every answer to a choice inside a step', () => {
    const program: Op[] = [{ op: 'choose', count: 5 }, { op: 'say' }];
    const result = run({ programs: [program], properties: () => [said('never-4', 4)] });
    expect(result.violations[0].schedule).toMatchObject([{ count: 2, answers: [4] }]);
  });
});
