import { type EventName, type Move, type Property, roundRobin, scheduleLength, seededRandom } from '@checkstop/kernel';
import { describe, expect, it } from 'vitest';
import { rerun } from './rerun.ts';
import { sample } from './sample.ts';
import type { RunSeed, SampleOptions, SampleScheduler } from './sample-result.ts';
import { explore } from './search.ts';
import { checkToken, parseToken } from './token.ts';
import { type Op, type Toy, toyMachine, type View } from './toy.fixture.ts';

const increment: Op[] = [
  { op: 'load', cell: 0 },
  { op: 'add', value: 1 },
  { op: 'store', cell: 0 },
];
const locked = (body: Op[]): Op[] => [{ op: 'lock' }, ...body, { op: 'unlock' }];
const busy = (steps: number): Op[] => Array(steps).fill({ op: 'stash' });

const counted = (view: View): Property[] => [
  { kind: 'bottom', name: 'counted', check: () => (view.cell(0) === 2 ? undefined : `it is ${view.cell(0)}`) },
];
const said = (name: string, word: number): Property => ({
  kind: 'event',
  name,
  on: ['said'],
  check: (event) => ('word' in event && event.word === word ? `said ${word}` : undefined),
});

const racing: Toy = { programs: [increment, increment], properties: counted };
const careful: Toy = { programs: [locked(increment), locked(increment)], properties: counted };

/** Two agents that a fault each makes wait for each other; they work before and afterwards, and a third one looks on. */
const embracing: Toy = {
  programs: [0, 1, 2].map((): Op[] => [
    ...busy(10),
    { op: 'jump', to: 99 },
    // The fault's handler: whoever comes second gets neither lock, and the first keeps it until cell 1 is set.
    { op: 'load', cell: 1 },
    { op: 'add', value: 1 },
    { op: 'store', cell: 1 },
    { op: 'lock' },
    { op: 'jump', to: 15 },
  ]),
  handler: 11,
  faults: 1,
  properties: (view) => [
    {
      kind: 'bottom',
      name: 'no wait',
      check: () => ([0, 1, 2].some((agent) => view.waits(agent)) ? 'somebody waits' : undefined),
    },
  ],
};

const SCHEDULERS: SampleScheduler[] = ['pct', 'random', 'round-robin'];

describe('sample', () => {
  it.each(SCHEDULERS)('%s finds a lost update, and a run that replays', (scheduler) => {
    const machine = toyMachine(racing);
    const before = machine.arena.computeHash();
    const { verdict, violations, runs } = sample(machine, { scheduler, config: { cell: 'racing' } }).run();
    expect(machine.arena.computeHash()).toBe(before);
    expect(verdict).toBe('violated');
    const [violation] = violations;
    expect(violation).toMatchObject({ property: 'counted', text: 'it is 1', run: runs, shortest: false });
    const token = parseToken(violation.token);
    checkToken(machine, token);
    expect(token.config).toEqual({ cell: 'racing' });
    expect(rerun(machine, token.schedule)).toMatchObject({ hash: token.hash, ending: [{ property: 'counted' }] });
  });

  it('finds by pct what a random agent at each step misses: one that is held up while another goes far', () => {
    const late: Op[] = [...busy(60), { op: 'set', value: 1 }, { op: 'store', cell: 0 }];
    const early: Op[] = [{ op: 'load', cell: 0 }, { op: 'say' }];
    const toy: Toy = { programs: [early, late], properties: () => [said('never-1', 1)] };
    const verdict = (scheduler: SampleScheduler) => sample(toyMachine(toy), { scheduler, runs: 100 }).run().verdict;
    expect(SCHEDULERS.map(verdict)).toEqual(['violated', 'incomplete', 'incomplete']);
  });

  it('never says that anything holds, however many runs went well', () => {
    const result = sample(toyMachine(careful), { runs: 50, seed: 7 }).run();
    expect(result).toMatchObject({ verdict: 'incomplete', violations: [], runs: 50, seed: 7 });
    expect(result.ends).toEqual({ end: 50, violation: 0, circle: 0, limit: 0 });
    expect(explore(toyMachine(careful)).run().verdict).toBe('holds');
  });

  it.each(SCHEDULERS)(
    '%s does the same for the same seed, whatever the slices, and something else for another',
    (scheduler) => {
      const options: SampleOptions = { scheduler, runs: 20, each: true, maxReplays: 20 };
      const outcome = (seed: number, slice: number) => {
        const sampling = sample(toyMachine(embracing), { ...options, seed });
        while (!sampling.done) sampling.advance(slice);
        return sampling.result();
      };
      expect(outcome(1, 3)).toEqual(outcome(1, 10_000));
      const tokens = [1, 2, 3, 4, 5, 6].map((seed) => JSON.stringify(outcome(seed, 1000)));
      expect(new Set(tokens).size).toBe(6);
    },
  );

  it('stops at the first violation, or goes on until each was found once', () => {
    const properties = (): Property[] => [said('never-1', 1), said('never-2', 2), said('never-3', 3)];
    const toy: Toy = { programs: [[...increment, { op: 'say' }], increment], properties };
    const first = sample(toyMachine(toy), { runs: 100 }).run();
    expect(first.violations).toHaveLength(1);
    const each = sample(toyMachine(toy), { runs: 100, each: true }).run();
    expect(each.violations.map(({ property }) => property).sort()).toEqual(['never-1', 'never-2']);
    expect(each.runs).toBe(100);
    for (const { run, seed } of each.violations) expect(seed).toBe(run);
    const two = { ...toy, properties: () => properties().slice(0, 2) };
    expect(sample(toyMachine(two), { runs: 100, each: true }).run().runs).toBeLessThan(100);
  });

  it('gives each run the next seed, and tells how long a run is', () => {
    const asked: RunSeed[] = [];
    const scheduler = (run: RunSeed) => {
      asked.push(run);
      return seededRandom(run.seed);
    };
    const { expectedSteps } = sample(toyMachine(careful), { runs: 3, seed: 0xffff_ffff, scheduler }).run();
    expect(expectedSteps).toBe(20);
    expect(asked).toEqual([0xffff_ffff, 0, 1].map((seed) => ({ seed, steps: 20 })));
  });

  it('recognises an end in which somebody goes in circles, and goes on where that is none', () => {
    const spin = (first: Op[]): Op[] => [...first, { op: 'jump', to: first.length }];
    const properties = (view: View): Property[] => [
      { kind: 'bottom', name: 'no wait', check: () => (view.waits(1) ? 'it waits' : undefined) },
    ];
    const dead: Toy = { programs: [spin([{ op: 'lock' }]), locked([])], properties };
    const found = sample(toyMachine(dead), { scheduler: () => roundRobin(), maxReplays: 0 }).run();
    expect(found).toMatchObject({ ends: { circle: 1 }, violations: [{ text: 'it waits', schedule: [{ agent: 0 }] }] });
    // The first agent lets go once a third one, which nobody keeps from going, says so.
    const alive: Op[] = [{ op: 'lock' }, { op: 'load', cell: 0 }, { op: 'jump-if-zero', to: 1 }, { op: 'unlock' }];
    const waiting: Toy = { programs: [alive, locked([]), increment], properties };
    for (const scheduler of SCHEDULERS)
      expect(sample(toyMachine(waiting), { scheduler, runs: 50 }).run()).toMatchObject({
        verdict: 'incomplete',
        ends: { end: 50 },
      });
  });

  it('says when runs were cut short', () => {
    const endless: Op[] = [
      { op: 'add', value: 1 },
      { op: 'jump', to: 0 },
    ];
    const { ends, steps } = sample(toyMachine({ programs: [endless] }), { runs: 3, maxSteps: 50 }).run();
    expect(ends).toEqual({ end: 0, violation: 0, circle: 0, limit: 3 });
    expect(steps).toBe(200);
  });

  it('is watched and interrupted, and keeps what it found', () => {
    const machine = toyMachine(embracing);
    const before = machine.arena.computeHash();
    const early = sample(machine);
    early.advance(1);
    expect(early.progress()).toEqual({ phase: 'sample', runs: 0, steps: expect.any(Number), violations: 0 });
    expect(early.result()).toMatchObject({ verdict: 'incomplete', runs: 0 });
    expect(early.done).toBe(true);
    expect(machine.arena.computeHash()).toBe(before);

    const late = sample(machine, { scheduler: 'random', maxReplays: 1000 });
    while (late.progress().phase === 'sample') late.advance(1);
    expect(late.progress()).toMatchObject({ phase: 'minimise', violations: 1 });
    const [violation] = late.result().violations;
    expect(violation.replays).toBe(0);
    expect(scheduleLength(violation.schedule)).toBe(violation.found.steps);
    expect(machine.arena.computeHash()).toBe(before);
    expect(rerun(machine, violation.schedule).ending).toMatchObject([{ property: 'no wait' }]);
  });

  it('tells where faults could have struck, where they did, and what came of it', () => {
    const program: Op[] = [{ op: 'set', value: 1 }, { op: 'jump', to: 99 }, { op: 'say' }];
    const outcomes = [{ tag: 'spoke', on: ['said' as EventName], where: () => JSON.stringify(program[0]) }];
    const coverage = (runs: number) =>
      sample(toyMachine({ programs: [program], handler: 2, faults: 1 }), { runs, outcomes }).run().coverage;
    const struck = (where: Op, tags: string[]) => ({ where: JSON.stringify(where), tags });
    expect(coverage(100)).toEqual([struck(program[1], ['fault']), struck(program[0], ['fault', 'spoke'])]);
    expect(coverage(1).flatMap(({ tags }) => tags)).toEqual([]);
  });

  it('gives the machine back when a step throws', () => {
    const machine = toyMachine({ programs: [[...increment, { op: 'poke', address: 1000 }]] });
    const before = machine.arena.computeHash();
    expect(() => sample(machine).run()).toThrow(expect.objectContaining({ code: 'ARENA_OUT_OF_RANGE' }));
    expect(machine.arena.computeHash()).toBe(before);
  });

  it('exposes plugins that keep state where it cannot be sampled', () => {
    let secret = 0;
    const check = () => (secret++ < 1 ? 'only at first' : undefined);
    const properties: Property[] = [{ kind: 'event', name: 'fickle', on: ['said'], check }];
    const machine = toyMachine({ programs: [[{ op: 'say' }]] });
    // The run that measures how long runs are asks first.
    secret = -1;
    expect(() => sample(machine, { properties }).run()).toThrow(
      expect.objectContaining({ code: 'EXPLORE_NOT_REPRODUCED' }),
    );
  });

  it.each([{ runs: 0 }, { seed: -1 }, { seed: 2 ** 32 }, { depth: 0 }, { maxSteps: 0.5 }, { maxReplays: Number.NaN }])(
    'refuses %j',
    (options) => {
      expect(() => sample(toyMachine(racing), options)).toThrow(expect.objectContaining({ code: 'SAMPLE_BAD_OPTION' }));
    },
  );
});

describe('a run that was found', () => {
  it.each([
    ['a race', racing, 0],
    [
      'a race among three',
      { ...racing, programs: [...racing.programs, [...busy(20), { op: 'load', cell: 0 }]] } as Toy,
      0,
    ],
    // Two runs from which no single change leads to a cheaper one differ by a preemption.
    ['a deadlock after faults', embracing, 1],
  ])('comes out about as cheap as the search finds it: %s', (_, toy, extra) => {
    const [best] = explore(toyMachine(toy)).run().violations;
    for (let seed = 1; seed <= 10; seed++) {
      const [violation] = sample(toyMachine(toy), { seed, scheduler: 'random' }).run().violations;
      expect(violation.faults).toBe(best.faults);
      expect(violation.preemptions).toBeLessThanOrEqual(best.preemptions + extra);
      if (violation.preemptions === best.preemptions) expect(violation.steps).toBeGreaterThanOrEqual(best.steps);
    }
  });

  it('is left as it is on request, and gets no more replays than allowed', () => {
    const found = (maxReplays: number) =>
      sample(toyMachine(embracing), { seed: STRUCK_THRICE, scheduler: 'random', maxReplays }).run().violations[0];
    const as = found(0);
    expect(as).toMatchObject({ faults: 3, preemptions: as.found.preemptions, replays: 0 });
    expect(found(500)).toMatchObject({ faults: 2, found: as.found });
    for (const most of [1, 2, 5, 20]) expect(found(most).replays).toBeLessThanOrEqual(most + CUTS);
  });

  it('ends where the violation is certain, and not before', () => {
    const machine = toyMachine(embracing);
    const start = machine.arena.snapshot();
    const [{ schedule }] = sample(machine, { seed: STRUCK_THRICE, scheduler: 'random' }).run().violations;
    const singles = schedule.flatMap((move) => Array<Move>(move.count).fill({ ...move, count: 1 }));
    const endings = [...singles, undefined].map((_, steps) => {
      machine.arena.restore(start);
      return rerun(machine, singles.slice(0, steps)).ending.length;
    });
    expect(endings.indexOf(1)).toBe(singles.length);
  });

  it('has the answers to its choices', () => {
    const program: Op[] = [...busy(3), { op: 'choose', count: 50 }, { op: 'say' }];
    const toy: Toy = { programs: [program, busy(9)], properties: () => [said('never-4', 4)] };
    const [{ schedule }] = sample(toyMachine(toy), { scheduler: 'random', runs: 2000 }).run().violations;
    expect(schedule).toEqual<Move[]>([{ agent: 0, action: 'step', count: 5, answers: [4] }]);
  });
});

/** A seed whose first run to deadlock has a fault too many. */
const STRUCK_THRICE = 1;
/** Replays to find out where an end begins: bisection of a short run. */
const CUTS = 10;
