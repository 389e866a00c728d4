import {
  appendMove,
  type EventName,
  type Machine,
  type Move,
  type Property,
  type Schedule,
  scheduleLength,
} from '@checkstop/kernel';
import { describe, expect, it, vi } from 'vitest';
import { rerun } from './rerun.ts';
import { explore, type Search } from './search.ts';
import { checkToken, parseToken } from './token.ts';
import { type Op, type Toy, toyMachine, type View } from './toy.fixture.ts';

const increment: Op[] = [
  { op: 'load', cell: 0 },
  { op: 'add', value: 1 },
  { op: 'store', cell: 0 },
];
const locked = (body: Op[]): Op[] => [{ op: 'lock' }, ...body, { op: 'unlock' }];

const counted = (view: View): Property[] => [
  {
    kind: 'bottom',
    name: 'counted',
    check: () => (view.cell(0) === 2 ? undefined : `the counter ends at ${view.cell(0)}`),
  },
];

const said = (name: string, word: number): Property => ({
  kind: 'event',
  name,
  on: ['said'],
  check: (event) => ('word' in event && event.word === word ? `said ${word}` : undefined),
});

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

function firstSteps(schedule: Schedule, steps: number): Move[] {
  const first: Move[] = [];
  for (const { agent, action, count, answers } of schedule)
    for (let i = 0; i < count && scheduleLength(first) < steps; i++) appendMove(first, agent, action, answers);
  return first;
}

/** Goes on until it is known who touches what, and the search proper begins. */
function scouted(search: Search): Search {
  while (search.progress().phase === 'scout') search.advance(1);
  return search;
}

describe('search', () => {
  const racing: Toy = { programs: [increment, increment, increment], properties: counted };

  it('is watched, interrupted and limited', () => {
    const search = scouted(explore(toyMachine(racing), { mode: 'unreduced' }));
    search.advance(3);
    expect(search.progress()).toMatchObject({ phase: 'search' });
    expect(search.progress().frontier).toBeGreaterThan(0);
    expect(search.result()).toMatchObject({ verdict: 'incomplete', complete: false });
    expect(search.done).toBe(true);

    const early = explore(toyMachine(racing));
    early.advance(1);
    expect(early.progress()).toMatchObject({ phase: 'scout', states: 0 });
    expect(early.result()).toMatchObject({ verdict: 'incomplete', complete: false, states: 1 });

    const late = scouted(explore(toyMachine(racing)));
    while (late.progress().phase === 'search') late.advance(1);
    expect(late.progress()).toMatchObject({ phase: 'components', frontier: 0, suspected: 0 });
    expect(late.result().verdict).toBe('incomplete');

    const word: Toy = {
      programs: [
        [{ op: 'set', value: 5 }, { op: 'say' }],
        [{ op: 'set', value: 6 }, { op: 'say' }],
      ],
      properties: () => [said('unheard', 5)],
    };
    const heard = scouted(explore(toyMachine(word)));
    while (heard.progress().suspected === 0 && !heard.done) heard.advance(1);
    expect(heard.progress()).toMatchObject({ phase: 'search', suspected: 1 });
    expect(heard.result()).toMatchObject({ verdict: 'violated', complete: false });

    let clock = 0;
    const now = (): number => clock++;
    for (const limit of ['states', 'bytes', 'executions', 'milliseconds'] as const) {
      const result = explore(toyMachine(racing), { now, limits: { [limit]: 1 } }).run();
      expect(result).toMatchObject({ verdict: 'incomplete', limit });
    }
    expect(explore(toyMachine(racing)).run()).not.toHaveProperty('limit');
  });

  it('counts the words in which it remembers places', () => {
    const search = (length: number) => {
      const machine = toyMachine(racing);
      vi.spyOn(machine, 'describeAgent').mockReturnValue('x'.repeat(length));
      return explore(machine, { limits: { bytes: 10e6 } }).run();
    };
    expect(search(10).complete).toBe(true);
    expect(search(1e6).complete).toBe(false);
  });

  it('gives up on local steps without end', () => {
    const count: Op[] = [
      { op: 'add', value: 1 },
      { op: 'jump', to: 0 },
    ];
    const result = explore(toyMachine({ programs: [count] }), { limits: { executions: 5 } }).run();
    expect(result).toMatchObject({ verdict: 'incomplete', complete: false });
  });

  it.each(['reduced', 'unreduced'] as const)('%s, keeps what it saw in the step that a limit cut short', (mode) => {
    const program: Op[] = [{ op: 'set', value: 1 }, { op: 'say' }, ...increment, { op: 'say' }];
    const machine = toyMachine({ programs: [program], faults: 1, handler: 4, properties: () => [said('never-1', 1)] });
    const executed = (executions: number) => {
      const { verdict, violations } = explore(machine, { mode, limits: { executions } }).run();
      expect(violations).toHaveLength(verdict === 'violated' ? 1 : 0);
      return verdict;
    };
    // The third step executed is the one that says it.
    for (let limit = 0; limit < 12; limit++) expect(executed(limit)).toBe(limit < 3 ? 'incomplete' : 'violated');
  });

  it('shows what it found so far when interrupted', () => {
    const properties = (): Property[] => [said('never-1', 1)];
    const program: Op[] = [{ op: 'load', cell: 1 }, { op: 'set', value: 1 }, { op: 'say' }, ...increment, ...increment];
    const search = scouted(explore(toyMachine({ programs: [program, program], properties })));
    search.advance(2);
    expect(search.result()).toMatchObject({
      verdict: 'violated',
      complete: false,
      violations: [{ property: 'never-1', shortest: false }],
    });
  });

  it('keeps memory apart until somebody shares it', () => {
    const touch = (address: number): Op[] => [
      { op: 'peek', address },
      { op: 'add', value: 1 },
      { op: 'poke', address },
      { op: 'peek', address },
    ];
    const apart = explore(toyMachine({ programs: [touch(0), touch(256)] })).run();
    expect(apart).toMatchObject({ restarts: 0, sharedStates: 1 });
    const together = explore(toyMachine({ programs: [touch(0), touch(4)] })).run();
    expect(together.states).toBeGreaterThan(apart.states);
    expect(together.sharedStates).toBeGreaterThan(1);
  });

  /** A machine of which walks at random do not see what is touched by `then`. */
  const surprising = (...then: Op[]): Machine =>
    toyMachine({
      programs: [
        [{ op: 'choose', count: 1000 }, { op: 'jump-if-zero', to: 3 }, { op: 'jump', to: 99 }, ...then, { op: 'say' }],
        [
          { op: 'set', value: 2 },
          { op: 'poke', address: 0 },
          { op: 'set', value: 3 },
        ],
      ],
      properties: () => [said('never-2', 2), said('never-3', 3)],
    });

  it('begins anew when it learns late who touches what', () => {
    const page = explore(surprising({ op: 'peek', address: 0 })).run();
    expect(page).toMatchObject({ restarts: 1, violations: [{ property: 'never-2' }] });
    const agent = explore(surprising({ op: 'spy', agent: 1 })).run();
    expect(agent).toMatchObject({ restarts: 1, violations: [{ property: 'never-2' }, { property: 'never-3' }] });
  });

  it('counts and limits what it executes over all beginnings', () => {
    const machine = surprising({ op: 'spy', agent: 1 });
    const search = scouted(explore(machine));
    const asked = vi.spyOn(machine, 'available');
    while (!search.done) search.advance(10);
    const executions = asked.mock.calls.length;
    asked.mockRestore();
    expect(search.result()).toMatchObject({ restarts: 1, complete: true, executed: executions });
    expect(explore(machine, { limits: { executions } }).run().complete).toBe(true);
    expect(explore(machine, { limits: { executions: executions - 1 } }).run().complete).toBe(false);
  });

  it('needs far fewer states reduced', () => {
    const states = (mode: 'reduced' | 'unreduced') =>
      explore(toyMachine({ ...racing, faults: 1 }), { mode }).run().states;
    expect(states('unreduced')).toBeGreaterThan(3 * states('reduced'));
  });

  it('records runs that reproduce themselves', () => {
    const machine = toyMachine(racing);
    const before = machine.arena.computeHash();
    const { violations } = explore(machine, { config: { cell: 'racing' } }).run();
    expect(machine.arena.computeHash()).toBe(before);
    const token = parseToken(violations[0].token);
    checkToken(machine, token);
    expect(token.config).toEqual({ cell: 'racing' });
    expect(rerun(machine, token.schedule)).toMatchObject({ hash: token.hash, ending: [{ property: 'counted' }] });
  });

  it('tells an end from a place that a run merely got to', () => {
    const machine = toyMachine(racing);
    const [{ schedule }] = explore(machine).run().violations;
    const start = machine.arena.snapshot();
    for (let steps = 1; steps < scheduleLength(schedule); steps++) {
      machine.arena.restore(start);
      expect(rerun(machine, firstSteps(schedule, steps)).ending).toEqual([]);
    }
    machine.arena.restore(start);
    expect(rerun(machine, schedule).ending).toMatchObject([{ property: 'counted', step: scheduleLength(schedule) }]);
  });

  it('names what comes of faults where the caller can tell', () => {
    const program: Op[] = [{ op: 'set', value: 1 }, { op: 'jump', to: 99 }, { op: 'say' }];
    const outcomes = [{ tag: 'spoke', on: ['said' as EventName], where: () => JSON.stringify(program[0]) }];
    const { coverage } = explore(toyMachine({ programs: [program], handler: 2, faults: 1 }), { outcomes }).run();
    expect(coverage).toContainEqual({ where: JSON.stringify(program[0]), tags: ['fault', 'spoke'] });
    expect(coverage).toContainEqual({ where: JSON.stringify(program[1]), tags: ['fault'] });
  });

  it('lets what is asked for the report look where it likes', () => {
    const poke: Op[] = [{ op: 'poke', address: 0 }];
    const machine = toyMachine({ programs: [poke, [{ op: 'say' }]] });
    const plain = explore(machine).run();
    const where = (): string => `${machine.ram.readU32(0, 'big')}`;
    const looked = explore(machine, { outcomes: [{ tag: 'spoke', on: ['said'], where }] }).run();
    expect(looked.coverage).toContainEqual({ where: '0', tags: ['spoke'] });
    const { restarts, states, executed } = plain;
    expect(looked).toMatchObject({ restarts, states, executed });
  });

  it('exposes plugins that keep state where it cannot be explored', () => {
    const machine = toyMachine({ programs: [increment, increment] });
    let searching = true;
    const properties: Property[] = [
      { kind: 'bottom', name: 'fickle', check: () => (searching ? 'only during the search' : undefined) },
    ];
    const search = explore(machine as Machine, { properties });
    while (!search.done) search.advance(1000);
    searching = false;
    expect(() => search.result()).toThrow(expect.objectContaining({ code: 'EXPLORE_NOT_REPRODUCED' }));
  });

  it('lets an invariant read memory that belongs to one agent', () => {
    const poke: Op[] = [
      { op: 'set', value: 1 },
      { op: 'poke', address: 0 },
    ];
    const machine = toyMachine({ programs: [[], poke] });
    const check = () => (machine.ram.readU32(0, 'big') === 1 ? 'written' : undefined);
    const result = explore(machine, { properties: [{ kind: 'invariant', name: 'blank', check }] }).run();
    expect(result).toMatchObject({ verdict: 'violated', violations: [{ schedule: [{ agent: 1, count: 2 }] }] });
  });

  it('gives the machine back when a step throws before the search begins', () => {
    const machine = toyMachine({
      programs: [
        [
          { op: 'set', value: 1 },
          { op: 'poke', address: 1000 },
        ],
      ],
    });
    const before = [machine.arena.computeHash(), machine.arena.pageOwner(0)];
    expect(() => explore(machine).run()).toThrow(expect.objectContaining({ code: 'ARENA_OUT_OF_RANGE' }));
    expect([machine.arena.computeHash(), machine.arena.pageOwner(0)]).toEqual(before);
  });

  it('refuses steps with too many choices, and gives the machine back', () => {
    const machine = toyMachine({ programs: [[{ op: 'choose', count: 5000 }]] });
    const before = machine.arena.computeHash();
    expect(() => explore(machine).run()).toThrow(expect.objectContaining({ code: 'EXPLORE_TOO_MANY_CHOICES' }));
    expect(machine.arena.computeHash()).toBe(before);
  });
});
