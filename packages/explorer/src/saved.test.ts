import { CheckstopError, createMachine, definePlugin, GRANULE, type Machine, u32 } from '@checkstop/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Archive } from './archive.ts';
import { build, type Drawn, op, toy, toyOfAlikes } from './drawn.fixture.ts';
import type { ExploreOptions, Mode } from './options.ts';
import type { Result } from './result.ts';
import { checksum, formatSaved, headerOf, readSaved } from './saved.ts';
import { explore, resume, type Search } from './search.ts';
import { type Op, type Toy, toyMachine } from './toy.fixture.ts';

/** Some drawings have no end. */
const LIMITS = { states: 3000, executions: 20_000 };

/** What comes of a search, errors of steps included. */
function end(search: Search): Result | string {
  try {
    return search.run();
  } catch (error) {
    return String(error);
  }
}

/** Advances by so many slices of one state; no if a step threw. */
function goOn(search: Search, slices: number): boolean {
  try {
    for (let i = 0; i < slices && !search.done; i++) search.advance(1);
    return true;
  } catch {
    return false;
  }
}

/** Symmetry rarely lasts in the one, and often in the other. */
const anyToy = fc.oneof(toy, toyOfAlikes);

const modes = fc.constantFrom('unreduced' as const, 'closure' as const, 'merged' as const, 'reduced' as const);

/** Scouting takes one slice a step: most interruptions are to come after it. */
const slices = fc.array(fc.oneof(fc.nat(400), fc.nat(4000)), { minLength: 1, maxLength: 3 });

it('ends as it would have ended, wherever it is interrupted, saved and gone on with', () => {
  fc.assert(
    fc.property(anyToy, modes, fc.boolean(), slices, (drawn, mode, liveness, interruptions) => {
      const options: ExploreOptions = { mode, liveness, limits: LIMITS };
      const whole = end(explore(build(drawn), options));
      let search = explore(build(drawn), options);
      for (const slices of interruptions) {
        if (!goOn(search, slices)) {
          expect(whole).toContain('unexpected');
          return;
        }
        search = resume(build(drawn), search.save(), { limits: LIMITS });
      }
      expect(end(search)).toEqual(whole);
    }),
    { numRuns: 100 },
  );
}, 120_000);

it('goes on where a limit was met, whichever', () => {
  const limits = fc.oneof(
    fc.nat(300).map((executions) => ({ executions })),
    fc.nat(100).map((states) => ({ states })),
    fc.nat(60_000).map((more) => ({ bytes: 20_000 + 4 * more })),
  );
  fc.assert(
    fc.property(anyToy, modes, limits, (drawn, mode, limits) => {
      const whole = end(explore(build(drawn), { mode, limits: LIMITS }));
      const search = explore(build(drawn), { mode, limits: { ...LIMITS, ...limits } });
      fc.pre(goOn(search, Number.POSITIVE_INFINITY));
      const bytes = search.save();
      search.result();
      expect(end(resume(build(drawn), bytes, { limits: LIMITS }))).toEqual(whole);
    }),
    { numRuns: 100 },
  );
}, 120_000);

/** The code of the error that a search ends in, or its verdict and what is violated. */
function verdictOf(search: Search): string {
  try {
    const { verdict, violations } = search.run();
    return [verdict, ...violations.map(({ property }) => property).sort()].join(' ');
  } catch (error) {
    if (error instanceof CheckstopError) return error.code;
    throw error;
  }
}

/** With one instruction of one program changed. */
const changed = (drawn: Drawn, agent: number, at: number, op: Op): Drawn => ({
  ...drawn,
  programs: drawn.programs.with(agent, drawn.programs[agent].with(at, op)),
});

/** What comes of a search of one machine, saved after so many slices and gone on with on another; undefined if a step threw before. */
function movedTo(other: Drawn, drawn: Drawn, mode: Mode, slices: number): string | undefined {
  const search = explore(build(drawn), { mode, limits: LIMITS });
  return goOn(search, slices) ? verdictOf(resume(build(other), search.save(), { limits: LIMITS })) : undefined;
}

it('is refused by a machine that does one step otherwise, or ends as a search of that machine', () => {
  const changes = fc.record({ agent: fc.nat(2), at: fc.nat(5), op });
  fc.assert(
    fc.property(anyToy, modes, fc.nat(3000), changes, (drawn, mode, slices, { agent, at, op }) => {
      fc.pre(at < (drawn.programs[agent] ?? []).length);
      const other = changed(drawn, agent, at, op);
      const verdict = movedTo(other, drawn, mode, slices);
      if (verdict !== undefined && verdict !== 'SAVE_DAMAGED')
        expect(verdict).toBe(verdictOf(explore(build(other), { mode, limits: LIMITS })));
    }),
    { numRuns: 200 },
  );
}, 120_000);

it('is refused by a machine with other steps, though as many, and as many states', () => {
  const programs: Op[][] = [[], [{ op: 'stash' }, { op: 'store', cell: 0 }]];
  // That cell 0 is not zero for ever is wrong.
  const storesNothing: Drawn = { programs, invariant: 'none', wrongAt: 0, bottoms: 4 };
  const storesOne = changed(storesNothing, 1, 0, { op: 'add', value: 1 });
  for (const slices of [23, 3000]) expect(movedTo(storesOne, storesNothing, 'unreduced', slices)).toBe('SAVE_DAMAGED');
});

/** Counts in shared memory, with a fault that may strike anywhere. */
const count: Op[] = [{ op: 'load', cell: 0 }, { op: 'add', value: 1 }, { op: 'store', cell: 0 }, { op: 'say' }];
const counting: Toy = {
  programs: [count, count, count],
  faults: 1,
  properties: () => [
    {
      kind: 'event',
      name: 'never-3',
      on: ['said'],
      check: (e) => ('word' in e && e.word === 3 ? 'said 3' : undefined),
    },
  ],
};

/** A search of that which got so far. */
function saved(states: number, mode: ExploreOptions['mode'] = 'reduced'): Uint8Array {
  const search = explore(toyMachine(counting), { mode, limits: { states }, config: { of: 'counting' } });
  while (!search.done) search.advance(1000);
  return search.save();
}

/** The code of the error that going on with these bytes ends in, after scouting too. */
function codeOf(bytes: Uint8Array, toy: Toy = counting, options: ExploreOptions = {}): string {
  try {
    resume(toyMachine(toy), bytes, { limits: { states: 5000, executions: 50_000 }, ...options }).run();
    return 'none';
  } catch (error) {
    if (error instanceof CheckstopError) return error.code;
    throw error;
  }
}

const LAYOUT = toyMachine(counting).arena.layout;

/** What a forged file says. */
interface Forgery {
  readonly merges?: boolean;
  readonly symmetric?: boolean;
  readonly observed?: readonly number[];
  readonly reads?: readonly number[];
  /** How many times that page 0 turned out to be of another owner. */
  readonly learnt?: number;
  /** The states that were visited. */
  readonly rows?: readonly number[];
  /** What comes behind the end. */
  readonly rest?: readonly number[];
}

/** A file that was never saved: of a search that was at its beginning, but for what is given. */
function forged(mode: Mode, { merges = false, symmetric = false, learnt = 0, ...lists }: Forgery): Uint8Array {
  const { observed = [], reads = [], rows = [0, 0, 0, 0], rest = [] } = lists;
  return formatSaved(headerOf(toyMachine(counting), { mode }), (a) => {
    a.flag(true);
    a.number(0);
    a.flag(merges);
    a.flag(symmetric);
    a.number(0);
    a.number(0);
    a.numbers(observed);
    a.numbers(reads);
    a.list(Array(learnt).fill(0), () => [a.number(0, { low: -LAYOUT.end }), a.number(0)]);
    // No guesses, the table, and that nothing is expanded: who led to the states, the edges, what was learnt.
    const states = Math.ceil(rows.length / 4);
    a.number(0);
    a.numbers(rows);
    for (const number of [0, 0, 0, states]) a.number(number);
    a.numbers(Array(states).fill(0));
    a.numbers([0]);
    a.numbers([]);
    for (const number of [0, 0]) a.number(number);
    a.numbers([]);
    for (const number of rest) a.number(number);
  });
}

/** With the checksum that the contents have. */
function resealed(bytes: Uint8Array): Uint8Array {
  const start = bytes.indexOf(10) + 1;
  new DataView(bytes.buffer).setBigUint64(start, checksum(bytes.subarray(start + 8)));
  return bytes;
}

it('goes on from the states that had been visited', () => {
  const whole = explore(toyMachine(counting), { mode: 'closure', config: { of: 'counting' } }).run();
  const search = resume(toyMachine(counting), saved(500, 'closure'));
  while (search.progress().phase === 'scout') search.advance(1);
  while (search.progress().phase === 'resume') search.advance(1);
  expect(search.progress()).toMatchObject({ phase: 'search' });
  expect(search.progress().states).toBeGreaterThan(500);
  expect(search.progress().states).toBeLessThan(whole.states);
  expect(search.run()).toEqual(whole);
});

describe('a file', () => {
  it('says what it is of, and is refused by other machines', () => {
    const bytes = saved(100);
    expect(readSaved(bytes)).toEqual({ config: { of: 'counting' }, mode: 'reduced', liveness: false });
    expect(codeOf(bytes)).toBe('none');
    expect(codeOf(bytes, { ...counting, programs: [count, count] })).toBe('SAVE_OTHER_MACHINE');
    expect(codeOf(bytes, { ...counting, properties: () => [] })).toBe('SAVE_OTHER_MACHINE');
    expect(codeOf(bytes, counting, { outcomes: [{ tag: 'more', on: ['said'], where: () => undefined }] })).toBe(
      'SAVE_OTHER_MACHINE',
    );
  });

  it('is refused where steps do something else than when it was saved', () => {
    const other: Op[] = [{ op: 'load', cell: 1 }, ...count.slice(1)];
    for (const mode of ['closure', 'reduced'] as const)
      expect(codeOf(saved(300, mode), { ...counting, programs: [other, count, count] })).toBe('SAVE_DAMAGED');
  });

  it('is refused cut off anywhere, with a byte changed, and with more behind it', () => {
    const bytes = saved(100);
    for (let length = 0; length < bytes.length; length += 7)
      expect(codeOf(bytes.slice(0, length))).toMatch(/^SAVE_(SYNTAX|DAMAGED)$/);
    for (let at = 0; at < bytes.length; at += 7)
      expect(codeOf(bytes.with(at, bytes[at] ^ 1))).toMatch(/^SAVE_(SYNTAX|DAMAGED)$/);
    expect(codeOf(Uint8Array.from([...bytes, 0]))).toBe('SAVE_DAMAGED');
    expect(codeOf(resealed(Uint8Array.from([...bytes, 0])))).toBe('SAVE_DAMAGED');
  });

  it('is refused if it says what no search says', () => {
    const code = (forgery: Forgery, mode: Mode = 'closure'): string => codeOf(forged(mode, forgery));
    const zeros = (length: number): number[] => Array(length).fill(0);
    const all = LAYOUT.end / GRANULE;
    expect(code({ observed: [0, LAYOUT.end - GRANULE], reads: [0], learnt: 2 })).toBe('none');
    for (const length of [0, 7]) expect(code({ rows: zeros(length) })).toBe('SAVE_DAMAGED');
    expect(code({ rest: [0] })).toBe('SAVE_DAMAGED');
    for (const observed of [[LAYOUT.end], [1], zeros(all + 1)]) expect(code({ observed })).toBe('SAVE_DAMAGED');
    for (const length of [2, 500_000]) expect(code({ reads: zeros(length) })).toBe('SAVE_DAMAGED');
    expect(code({ learnt: 100 })).toBe('SAVE_DAMAGED');
    expect(code({ merges: true })).toBe('SAVE_DAMAGED');
    expect(code({ merges: true, symmetric: true }, 'merged')).toBe('SAVE_DAMAGED');
    expect(code({ symmetric: true }, 'reduced')).toBe('SAVE_DAMAGED');
  });

  it('is damaged if anything at all goes wrong where it is read', () => {
    const machine = toyMachine(counting);
    const { arena } = machine;
    const own = arena.own.bind(arena);
    arena.own = (conflict, agent) => {
      if (conflict === 0) throw new RangeError('unheard of');
      own(conflict, agent);
    };
    const search = resume(machine, forged('closure', { learnt: 1 }));
    expect(() => search.run()).toThrow(expect.objectContaining({ code: 'SAVE_DAMAGED' }));
  });

  it('of a search that had not begun is refused with more behind it', () => {
    const file = (more: readonly number[]): Uint8Array =>
      formatSaved(headerOf(toyMachine(counting), {}), (a) => {
        a.flag(false);
        for (const number of more) a.number(number);
      });
    expect(codeOf(file([]))).toBe('none');
    expect(codeOf(file([7]))).toBe('SAVE_DAMAGED');
  });

  it('is refused with a configuration so deep that nobody can write it again', () => {
    const file = (levels: number): Uint8Array => {
      const config = '['.repeat(levels) + ']'.repeat(levels);
      const a = new Archive();
      a.text(JSON.stringify(headerOf(toyMachine(counting), {})).replace('"config":null', `"config":${config}`));
      a.flag(false);
      const start = saved(60).slice(0, saved(60).indexOf(10) + 9);
      return resealed(Uint8Array.from([...start, ...a.written]));
    };
    expect(codeOf(file(900))).toBe('none');
    expect(codeOf(file(400_000))).toBe('SAVE_DAMAGED');
  });

  it('made to deceive ends in an error with a code, or in some result', () => {
    const files = (['unreduced', 'closure', 'merged', 'reduced'] as const).map((mode) => saved(60, mode));
    const header = files[0].indexOf(10) + 9;
    const change = fc.record({ at: fc.nat(), byte: fc.nat(255) });
    fc.assert(
      fc.property(fc.constantFrom(...files), fc.array(change, { minLength: 1, maxLength: 3 }), (file, changes) => {
        const bytes = file.slice();
        for (const { at, byte } of changes) bytes[header + (at % (bytes.length - header))] = byte;
        codeOf(resealed(bytes));
      }),
      { numRuns: 1500 },
    );
  });
});

it('cannot be saved any more once it has ended', () => {
  const search = explore(toyMachine(counting));
  search.result();
  expect(() => search.save()).toThrow(expect.objectContaining({ code: 'SAVE_TOO_LATE' }));
});

/** Begins to listen, in a variable, in a step so rare that scouting does not meet it; then something is heard. */
function lateListener(): Machine {
  let listens = false;
  const plugin = definePlugin({
    name: 'late-listener',
    version: '1.0.0',
    contract: 1,
    agents: () => 1,
    setup(ctx) {
      const own = ctx.state('perAgent', 'late.own', { pc: u32, value: u32 });
      ctx.drive((agent) => ({
        name: 'late',
        enabled: () => own.at(agent).pc < 3,
        step() {
          const me = own.at(agent);
          const isRare = me.value === 777;
          if (me.pc === 0) me.value = ctx.machine.choose('late', 1000);
          else if (me.pc === 1 && isRare && !listens) {
            listens = true;
            ctx.arena.changedItsWays();
          } else if (me.pc === 2 && isRare && listens) ctx.bus.emit('said', { agent, word: 1 });
          me.pc++;
          return 1;
        },
      }));
      ctx.property({ kind: 'event', name: 'unheard', on: ['said'], check: () => 'heard' });
    },
  });
  return createMachine({ plugins: [plugin()] });
}

it('begins again where somebody began to listen in the middle of the search', () => {
  const whole = explore(lateListener(), { mode: 'unreduced' }).run();
  expect(whole).toMatchObject({ restarts: 1, violations: [{ property: 'unheard' }] });
  const search = explore(lateListener(), { mode: 'unreduced' });
  const states = (): number => search.progress().states;
  for (let before = -1; states() >= before; search.advance(1)) before = states();
  while (states() < 1500) search.advance(1);
  expect(resume(lateListener(), search.save()).run()).toEqual(whole);
});
