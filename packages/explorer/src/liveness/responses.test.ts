import { createMachine, definePlugin, formatSchedule, type ResponseProperty, replay, u32 } from '@checkstop/kernel';
import { describe, expect, it } from 'vitest';
import { Attempt } from '../attempt.ts';
import { explore } from '../search.ts';
import { parseToken } from '../token.ts';
import { type Op, type Toy, toyMachine, type View } from '../toy.fixture.ts';
import { confirmLasso, tryLasso } from './confirm.ts';
import { Responses } from './responses.ts';
import { underFairness } from './under-fairness.ts';

const LOCK: Op = { op: 'lock' };
const UNLOCK: Op = { op: 'unlock' };

/** Agent 1 wants the lock: that is pending until it has it. */
const wantsLock = (view: View): ResponseProperty => ({
  kind: 'response',
  name: 'gets-lock',
  pending: (agent) => agent === 1 && view.pc(1) === 0,
});

const build = (toy: Omit<Toy, 'properties'>) => toyMachine({ ...toy, properties: (view) => [wantsLock(view)] });
const lassosOf = (machine: ReturnType<typeof build>) =>
  explore(machine, { liveness: true })
    .run()
    .lassos?.map((l) => [l.fairness, formatSchedule(l.stem), formatSchedule(l.loop), l.text]);

describe('Responses', () => {
  it('names what has to be assumed of the lock, where one who retries can keep another out', () => {
    const machine = build({ programs: [[LOCK, UNLOCK, { op: 'jump', to: 0 }], [LOCK]] });
    const what = 'what is pending for toy1 stays pending for ever: 3 steps of toy0 lead back to where the loop began';
    expect(lassosOf(machine)).toEqual([
      ['none', '0', '0*3', `${what}; toy1 could step in some of these states only, and is never let`],
      ['weak', '0', '0*3', `${what}; toy1 could step in some of these states only, and is never let`],
    ]);
  });

  it('finds one who is never let where all could always step', () => {
    const machine = build({
      programs: [
        [
          { op: 'load', cell: 0 },
          { op: 'jump', to: 0 },
        ],
        [LOCK],
      ],
    });
    expect(lassosOf(machine)).toEqual([['none', '0', '0*2', expect.stringMatching(/toy1 could step all the time/)]]);
  });

  it('takes the end of a run for one without an end, whatever is assumed', () => {
    const machine = build({ programs: [[LOCK], [LOCK]] });
    const text = 'what is pending for toy1 stays pending for ever: no agent is able to step any more';
    expect(lassosOf(machine)).toEqual(['none', 'weak', 'strong'].map((fairness) => [fairness, '0', '', text]));
  });

  it('finds nothing where the lock comes free in the end, or the machine stops', () => {
    expect(lassosOf(build({ programs: [[LOCK, UNLOCK], [LOCK]] }))).toEqual([]);
    expect(lassosOf(build({ programs: [[LOCK, { op: 'stop' }], [LOCK]] }))).toEqual([]);
  });

  it('sees a loop of local steps that could be left, and that only a fault leads to', () => {
    const spin: Op[] = [{ op: 'choose', count: 2 }, { op: 'jump-if-zero', to: 3 }, UNLOCK];
    const programs = [[LOCK, UNLOCK, { op: 'jump', to: 6 } as Op, ...spin], [LOCK]];
    expect(lassosOf(build({ programs }))).toEqual([]);
    const [, , strong] = lassosOf(build({ programs, faults: 1, handler: 3 })) ?? [];
    expect(strong).toEqual(['strong', '0 0:fault', '0*2?0', expect.stringMatching(/toy1 can step in none of these/)]);
  });

  it('tells a loop of local steps from the wider one that it is a part of', () => {
    const spin: Op[] = [
      { op: 'choose', count: 2 },
      { op: 'jump-if-zero', to: 0 },
    ];
    const machine = build({ programs: [[...spin, LOCK, UNLOCK, { op: 'jump', to: 0 }], [LOCK]] });
    expect(lassosOf(machine)?.map(([fairness, , loop]) => [fairness, loop])).toEqual([
      ['none', '0*2?0'],
      ['weak', '0*5?1'],
    ]);
  });

  it('has faults strike for ever where their number is not bounded, and takes a strike for a turn', () => {
    const lassos = explore(struckForEver(), { liveness: true }).run().lassos ?? [];
    expect(lassos.map(({ fairness, loop }) => [fairness, formatSchedule(loop)])).toEqual(
      ['none', 'weak', 'strong'].map((fairness) => [fairness, '0 0:fault']),
    );
    expect(explore(struckForEver(false), { liveness: true }).run().lassos).toEqual([]);
  });

  it('expects of nobody to strike: where nothing else can happen, the run has ended', () => {
    // At its last place the agent can only be struck, and then would go on to where nothing is pending.
    const lassos = lassosOf(build({ programs: [[LOCK], [LOCK]], faults: 1, handler: 1 })) ?? [];
    expect(lassos.at(-1)).toEqual(['strong', '0', '', expect.stringContaining('no agent is able to step')]);
  });

  it('keeps apart of images that do the same those from which local steps can go round', () => {
    // With the lock in its hands it goes on at once, or draws until it draws a 1.
    const draws: Op[] = [
      { op: 'fan', cell: 0 },
      { op: 'jump-if-zero', to: 7 },
      { op: 'choose', count: 2 },
      { op: 'jump-if-zero', to: 5 },
    ];
    const machine = build({ programs: [[{ op: 'set', value: 1 }, { op: 'stash' }, LOCK, ...draws, UNLOCK], [LOCK]] });
    const result = explore(machine, { liveness: true }).run();
    expect(result.reductions).toContain('merging');
    expect(result.lassos?.at(-1)?.fairness).toBe('strong');
  });

  it('keeps images apart that are pending in different shared states', () => {
    const waits: Op[] = [{ op: 'choose', count: 2 }, LOCK];
    const holds: Op[] = [LOCK, { op: 'set', value: 1 }, { op: 'store', cell: 0 }];
    const machine = toyMachine({
      programs: [waits, holds],
      properties: (view) => [
        { kind: 'response', name: 'one', pending: (agent) => agent === 0 && view.acc(0) === 1 && view.cell(0) === 1 },
      ],
    });
    const result = explore(machine, { liveness: true }).run();
    expect(result.reductions).toContain('merging');
    expect(result.lassos?.map(({ fairness }) => fairness)).toEqual(['none', 'weak', 'strong']);
  });

  it('folds no steps that what is pending for another depends on, though that one never steps', () => {
    const machine = toyMachine({
      programs: [
        [],
        [
          { op: 'set', value: 1 },
          { op: 'jump', to: 0 },
        ],
      ],
      properties: (view) => [{ kind: 'response', name: 'peer', pending: (agent) => agent === 0 && view.acc(1) === 0 }],
    });
    expect(explore(machine, { liveness: true }).run().lassos).toEqual([]);
  });

  it('leaves open what a search that was cut short did not get to', () => {
    const search = explore(build({ programs: [[LOCK, UNLOCK], [LOCK]] }), { liveness: true });
    while (search.progress().phase !== 'liveness') search.advance(1);
    const result = search.result();
    expect(result).toMatchObject({ verdict: 'holds', complete: true, lassos: [], livenessComplete: false });
    expect(underFairness(result, 'gets-lock')?.strong).toEqual({ verdict: 'incomplete' });
  });

  it('decides only when asked', () => {
    const machine = build({ programs: [[LOCK], [LOCK]] });
    const { verdict, lassos, livenessComplete } = explore(machine).run();
    expect([verdict, lassos, livenessComplete]).toEqual(['holds', undefined, undefined]);
    expect(explore(machine, { liveness: true, properties: [] }).run()).toMatchObject({ livenessComplete: true });
  });

  it('says of each profile whether the property holds, and makes a token of each lasso', () => {
    const machine = build({ programs: [[LOCK, UNLOCK, { op: 'jump', to: 0 }], [LOCK]] });
    const result = explore(machine, { liveness: true, config: 'which' }).run();
    const { weak, strong } = underFairness(result, 'gets-lock') ?? {};
    expect(strong).toEqual({ verdict: 'holds' });
    if (weak?.verdict !== 'violated') throw new Error('strong fairness of locks is not needed');
    const { stem, loop, agent, fairness, property } = weak.lasso;
    const token = parseToken(weak.lasso.token);
    expect(token).toMatchObject({
      config: 'which',
      schedule: stem,
      loop: { schedule: loop, agent, fairness, property },
    });
    replay(machine, [...stem, ...loop, ...loop]);
    expect(machine.arena.computeHash()).toBe(token.hash);
  });

  it('gives up past its limit of bytes', () => {
    const machine = build({ programs: [[LOCK, UNLOCK], [LOCK]] });
    const start = machine.arena.snapshot();
    const attempt = new Attempt(machine, machine.properties, {});
    const { expander, steps } = attempt;
    attempt.dispose();
    const properties = machine.properties.filter(({ kind }) => kind === 'response') as ResponseProperty[];
    const judged = { machine, expander, steps, start, stepwise: 0, merged: false };
    const responses = new Responses(judged, properties, { bytes: 1 });
    expect(() => {
      while (!responses.done) responses.advance(10);
    }).toThrow(expect.objectContaining({ limit: 'bytes' }));
  });

  it('takes one state at a time, when it looks at what it searched, too', () => {
    const machine = build({ programs: [[LOCK, UNLOCK, { op: 'jump', to: 0 }], [LOCK]] });
    const search = explore(machine, { liveness: true, mode: 'unreduced' });
    const turns = (): number => {
      let turns = 0;
      for (; search.progress().phase === 'liveness'; turns++) search.advance(1);
      return turns;
    };
    while (search.progress().phase !== 'liveness') search.advance(1);
    const { states } = search.progress();
    // Every state is visited, and asked what is pending; for toy0, too, for which nothing ever is.
    expect(turns()).toBeGreaterThan(4 * states);
    expect(search.result().lassos).toHaveLength(2);
  });
});

describe('confirmLasso', () => {
  const machine = build({ programs: [[LOCK, UNLOCK, { op: 'jump', to: 0 }], [LOCK], [{ op: 'stop' }]], faults: 1 });
  const start = machine.arena.snapshot();
  const property = machine.properties[0] as ResponseProperty;
  const step = (agent: number, count: number) => ({ agent, action: 'step', count, answers: [] });
  const right = { agent: 1, fairness: 'none' as const, stem: [], loop: [step(0, 3)] };

  it('finds nothing amiss with one', () => {
    expect(tryLasso(machine, start, property, right)).toEqual({
      moved: 0b1,
      always: 0b101,
      sometimes: 0b111,
      amiss: undefined,
    });
  });

  it.each([
    ['is unfair', { fairness: 'weak' }, 'an agent is treated unfairly'],
    ['does not lead back', { loop: [step(0, 2)] }, 'the loop does not lead back'],
    ['ends while all can go on', { loop: [] }, 'the run could go on'],
    ['ends in a stop', { stem: [step(2, 1)], loop: [] }, 'the machine stopped'],
    ['is about another agent', { agent: 0 }, 'what is pending is not pending all along the loop'],
    [
      'has a fault in it that counts',
      { loop: [{ agent: 2, action: 'fault', count: 1, answers: [] }] },
      'the loop does not lead back',
    ],
  ] as const)('refuses what %s', (_what, wrong, amiss) => {
    const lasso = { ...right, ...wrong };
    expect(tryLasso(machine, start, property, lasso).amiss).toBe(amiss);
    expect(() => confirmLasso(machine, start, property, lasso)).toThrow(
      expect.objectContaining({ code: 'EXPLORE_NOT_REPRODUCED', message: expect.stringContaining(amiss) }),
    );
  });
});

/** One agent that is struck back to its first step whenever somebody likes, and has nothing pending after its last. */
function struckForEver(strikes = true) {
  const plugin = definePlugin({
    name: 'struck-for-ever',
    version: '1.0.0',
    contract: 1,
    agents: () => 1,
    setup(ctx) {
      const own = ctx.state('perAgent', 'struck.agent', { pc: u32 });
      ctx.drive((index) => ({
        name: 'struck',
        enabled: () => own.at(index).pc < 2,
        step() {
          own.at(index).pc++;
          return 1;
        },
      }));
      ctx.offer({
        action: 'fault',
        cost: 'fault',
        available: (agent) => strikes && own.at(agent).pc === 1,
        perform: (agent) => {
          own.at(agent).pc = 0;
        },
      });
      ctx.describe({ agent: () => 'a step', lanes: [] });
      ctx.property({ kind: 'response', name: 'ends', pending: (agent) => own.at(agent).pc < 2 });
    },
  });
  return createMachine({ plugins: [plugin()], logBytes: 4096 });
}
