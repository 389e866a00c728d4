import { describe, expect, it } from 'vitest';
import { toy } from '../testing.ts';
import { addCoverage, coverageGuided, type FaultCoverage } from './coverage-guided.ts';
import { seededRandom } from './random.ts';
import { roundRobin } from './round-robin.ts';
import type { Move, Schedule } from './schedule.ts';
import type { Scheduler } from './scheduler.ts';

/** One agent that goes through `places` places, each of which a fault may strike once in a run; faults lead nowhere else. */
const walker = (places: number) => {
  const struck = { at: -1 };
  let place = 0;
  let left = 1;
  const where = (): string => `place ${place}`;
  const run = (scheduler: Scheduler): number => {
    [place, left, struck.at] = [0, 1, -1];
    while (place < places) {
      const step = { agent: 0, action: 'step', cost: 'none' } as const;
      const fault = { agent: 0, action: 'fault', cost: 'fault' } as const;
      const decision = scheduler.next(left > 0 ? [step, fault] : [step]);
      if (decision?.index === 1) [left, struck.at] = [left - 1, place];
      else place++;
    }
    return struck.at;
  };
  return { where, run };
};

describe('coverageGuided', () => {
  it('strikes every place in few runs, the last ones too', () => {
    const places = 100;
    const { where, run } = walker(places);
    const runsFor = (scheduler: (seed: number) => Scheduler, done: (at: number) => boolean): number => {
      for (let seed = 1; seed < 3000; seed++) if (done(run(scheduler(seed)))) return seed;
      return 3000;
    };
    const coverage = new Map<string, number>();
    let last: { met: FaultCoverage } | undefined;
    const guided = (seed: number): Scheduler => {
      if (last) addCoverage(coverage, last.met);
      const scheduler = coverageGuided(roundRobin(), { seed, coverage, where });
      last = scheduler;
      return scheduler;
    };
    const everywhere = (): ((at: number) => boolean) => {
      const seen = new Set<number>();
      return (at) => at >= 0 && seen.add(at).size === places;
    };
    const guidedRuns = runsFor(guided, everywhere());
    const randomRuns = runsFor((seed) => seededRandom(seed), everywhere());
    expect(guidedRuns).toBeLessThan(6 * places);
    expect(randomRuns).toBe(3000);
  });

  it('tells where faults were on offer, and where they struck', () => {
    const { where, run } = walker(5);
    const scheduler = coverageGuided(roundRobin(), { seed: 1, coverage: new Map([['place 3', 0]]), where });
    const at = run(scheduler);
    const until = at < 0 ? 5 : at + 1;
    expect([...scheduler.met]).toEqual(
      Array.from({ length: until }, (_, place) => [`place ${place}`, place === at ? 1 : 0]),
    );
    const coverage = new Map([['place 0', 4]]);
    addCoverage(coverage, new Map([...scheduler.met, ['place 0', 1]]));
    expect(coverage.get('place 0')).toBe(5);
  });

  it('leaves everything else to the other scheduler', () => {
    const faulty = () =>
      toy(3, (ctx) =>
        ctx.offer({
          action: 'draw',
          cost: 'fault',
          available: () => true,
          perform: () => void ctx.machine.choose('suit', 4),
        }),
      ).machine;
    const record = (scheduler: Scheduler): Schedule => {
      const moves: Move[] = [];
      faulty().run(scheduler, { maxSteps: 60, record: moves });
      return moves;
    };
    const guided = (inner: Scheduler, seed: number): Schedule =>
      record(coverageGuided(inner, { seed, coverage: new Map(), where: () => '' }));
    const stepsOf = (moves: Schedule): number[] =>
      moves.flatMap(({ action, agent, count }) => (action === 'step' ? Array<number>(count).fill(agent) : []));
    expect(guided(seededRandom(9), 3)).toEqual(guided(seededRandom(9), 3));
    expect(guided(seededRandom(9), 3)).not.toEqual(guided(seededRandom(9), 4));
    expect(guided(roundRobin(), 3).some(({ action }) => action === 'draw')).toBe(true);
    expect(stepsOf(guided(roundRobin(), 3))).toEqual(stepsOf(record(roundRobin())));
    const answers = guided(seededRandom(9), 3).flatMap((move) => move.answers);
    expect(Math.max(...answers)).toBeGreaterThan(0);
  });

  it('ends where only faults are left and none strikes', () => {
    const fault = { agent: 0, action: 'fault', cost: 'fault' } as const;
    const ends = Array.from({ length: 100 }, (_, seed) =>
      coverageGuided(roundRobin(), { seed, coverage: new Map([['x', 0]]), where: () => 'x' }).next([fault]),
    );
    const none = ends.filter((decision) => decision === undefined).length;
    expect(none).toBeGreaterThan(30);
    expect(none).toBeLessThan(90);
  });
});
