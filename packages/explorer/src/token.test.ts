import {
  createMachine,
  definePlugin,
  type Move,
  roundRobin,
  type Schedule,
  scheduleLength,
  seededRandom,
} from '@checkstop/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rerun } from './rerun.ts';
import { checkToken, formatToken, parseToken } from './token.ts';
import { type Op, toyMachine } from './toy.fixture.ts';

const program: Op[] = [
  { op: 'choose', count: 3 },
  { op: 'store', cell: 1 },
  { op: 'lock' },
  { op: 'load', cell: 0 },
  { op: 'add', value: 1 },
  { op: 'store', cell: 0 },
  { op: 'unlock' },
  { op: 'jump', to: 0 },
];
const machine = toyMachine({ programs: [program, program], faults: 2, handler: 3 });
const start = machine.arena.snapshot();

/** Runs at random and writes down what happened, as a schedule. */
function recordAtRandom(seed: number, maxSteps: number): { schedule: Schedule; hash: string } {
  const schedule: Move[] = [];
  machine.arena.restore(start);
  machine.run(seededRandom(seed, { faultEvery: 4 }), { maxSteps, record: schedule });
  return { schedule, hash: machine.arena.computeHash() };
}

const code = (act: () => unknown): string => {
  try {
    act();
  } catch (error) {
    return (error as { code: string }).code;
  }
  return 'no error';
};

/** The checksum of a token's data. */
function fnv1a(text: string): string {
  let hash = 0x811c9dc5;
  for (const unit of Buffer.from(text, 'latin1')) hash = Math.imul(hash ^ unit, 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, '0');
}

describe('token', () => {
  it('carries any run from machine to machine', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 0, max: 60 }), fc.jsonValue(), (seed, steps, config) => {
        const { schedule, hash } = recordAtRandom(seed, steps);
        const text = formatToken(machine, { config, schedule, hash });
        expect(text).toMatch(/^cs1\.[\w-]+\.[0-9a-f]{8}$/);
        const token = parseToken(` ${text}\n`);
        expect(token.config).toEqual(JSON.parse(JSON.stringify(config)));
        const other = toyMachine({ programs: [program, program], faults: 2, handler: 3 });
        checkToken(other, token);
        expect(rerun(other, token.schedule)).toMatchObject({ hash, steps: scheduleLength(schedule) });
      }),
      { numRuns: 50 },
    );
  });

  const token = formatToken(machine, { config: { cell: 'Größe' }, schedule: [], hash: '0'.repeat(16) });

  it('says when it is none, or damaged', () => {
    expect(code(() => parseToken('hello'))).toBe('TOKEN_SYNTAX');
    expect(code(() => parseToken(token.replace('cs1', 'cs2')))).toBe('TOKEN_SYNTAX');
    expect(code(() => parseToken(token.slice(0, -1)))).toBe('TOKEN_CHECKSUM');
    expect(code(() => parseToken(token.replace(/^cs1\.../, 'cs1.xx')))).toBe('TOKEN_CHECKSUM');
  });

  it('carries the loop of a run without an end', () => {
    const steps = (agent: number, count: number): Schedule => [{ agent, action: 'step', count, answers: [] }];
    const loop = { schedule: steps(1, 3), property: 'progress', agent: 1, fairness: 'weak' as const };
    const run = { config: null, schedule: steps(0, 2), hash: '0'.repeat(16), loop };
    expect(parseToken(formatToken(machine, run))).toMatchObject({ schedule: run.schedule, loop });
    expect(parseToken(token).loop).toBeUndefined();
    for (const wrong of [{ fairness: 'some' as never }, { agent: -1 }, { schedule: steps(1, 9_999_999) }])
      expect(code(() => parseToken(formatToken(machine, { ...run, loop: { ...loop, ...wrong } })))).toBe(
        'TOKEN_SYNTAX',
      );
  });

  it('refuses what no search records, even under a right checksum', () => {
    const forged = formatToken(machine, {
      config: null,
      schedule: [{ agent: 0, action: 'step', count: 900_000_000, answers: [] }],
      hash: '0'.repeat(16),
    });
    expect(code(() => parseToken(forged))).toBe('TOKEN_SYNTAX');
  });

  it.each([
    ['h', undefined],
    ['h', 5],
    ['h', 'zz'],
    ['o', undefined],
    ['o', 17],
    ['p', undefined],
    ['p', [1]],
  ])('whose %s is %j holds no run', (key, value) => {
    const [prefix, body = ''] = token.split('.');
    const data = { ...JSON.parse(Buffer.from(body, 'base64url').toString()), [key]: value };
    const forged = Buffer.from(JSON.stringify(data)).toString('base64url');
    expect(code(() => parseToken(`${prefix}.${forged}.${fnv1a(forged)}`))).toBe('TOKEN_SYNTAX');
  });

  it('belongs to machines of the same plugins, versions and options', () => {
    const other = (name: string, version: string, size: bigint) =>
      createMachine({
        plugins: [
          definePlugin<{ size: bigint }>({
            name,
            version,
            contract: 1,
            options: {
              '~standard': { version: 1, vendor: 'toy', validate: (value) => ({ value: value as { size: bigint } }) },
            },
            agents: () => 1,
            setup: (ctx) => ctx.drive(() => ({ name, enabled: () => false, step: () => 1 })),
          })({ size }),
        ],
      });
    const recorded = parseToken(
      formatToken(other('a', '1.0.0', 1n), { config: null, schedule: [], hash: '0'.repeat(16) }),
    );
    expect(code(() => checkToken(other('a', '1.0.0', 1n), recorded))).toBe('no error');
    expect(code(() => checkToken(other('a', '1.1.0', 1n), recorded))).toBe('TOKEN_OTHER_VERSIONS');
    expect(code(() => checkToken(other('b', '1.0.0', 1n), recorded))).toBe('TOKEN_OTHER_VERSIONS');
    expect(code(() => checkToken(other('a', '1.0.0', 2n), recorded))).toBe('TOKEN_OTHER_MACHINE');
  });
});

it('a schedule that is not possible says so', () => {
  machine.arena.restore(start);
  machine.run(roundRobin(), { maxSteps: 1 });
  expect(code(() => rerun(machine, [{ agent: 5, action: 'step', count: 1, answers: [] }]))).toBe('REPLAY_DIVERGED');
});
