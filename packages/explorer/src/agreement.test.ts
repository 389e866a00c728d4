import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  build,
  type Drawn,
  touchesOfDrawn,
  toy,
  toyOfAlikes,
  toyOfMeddlers,
  toyOfStrikes,
  toyOfVotes,
  WANTED,
} from './drawn.fixture.ts';
import { exploreNaively, type Naive } from './naive.fixture.ts';
import { explore } from './search.ts';

/** More would make the plain search slow; few drawings have more. */
const MAX_STATES = 250;

/** Where the searches are cut short. */
const limits = fc.oneof(
  fc.nat(100).map((executions) => ({ executions })),
  fc.nat(60).map((states) => ({ states })),
  fc.nat(60_000).map((more) => ({ bytes: 20_000 + 4 * more })),
);

/** What the plain search finds; undefined where that is too much, and where a step throws in some state that can be. */
function plainly(machine: ReturnType<typeof build>, drawn: Drawn): Naive | 'throws' | undefined {
  const start = machine.arena.snapshot();
  try {
    return exploreNaively(machine, MAX_STATES, touchesOfDrawn(machine, drawn));
  } catch {
    machine.arena.restore(start);
    return 'throws';
  }
}

const withoutSteps = (costs: Readonly<Record<string, readonly number[]>>) =>
  Object.fromEntries(Object.entries(costs).map(([property, cost]) => [property, cost.slice(0, 2)]));

const agrees = (toys: fc.Arbitrary<Drawn>) =>
  fc.property(toys, limits, (drawn, limits) => {
    const machine = build(drawn);
    const before = machine.arena.computeHash();
    const naive = plainly(machine, drawn);
    fc.pre(naive !== undefined);
    let inModes: unknown;
    for (const mode of ['unreduced', 'closure', 'merged', 'reduced'] as const) {
      const search = explore(machine, { mode });
      if (naive === 'throws') {
        expect(() => search.run()).toThrow('unexpected');
        continue;
      }
      const result = search.run();
      const found = Object.fromEntries(result.violations.map((v) => [v.property, [v.faults, v.preemptions, v.steps]]));
      // Which steps are visible while leases hold, the plain search does not know.
      if (drawn.leases) expect(withoutSteps(found)).toEqual(withoutSteps(naive.violated));
      else expect(found).toEqual(naive.violated);
      inModes ??= found;
      expect(found).toEqual(inModes);
      expect(result.violations.every(({ shortest }) => shortest)).toBe(true);
      expect(result.goals.reached).toEqual(naive.goals);
      expect(result.goals.missing).toEqual(WANTED.filter((goal) => !naive.goals.includes(goal)));
      if (mode === 'unreduced') expect(result.states).toBe(naive.states);
      else expect(result.states).toBeLessThanOrEqual(naive.states);
      const cutShort = explore(machine, { mode, limits }).run();
      for (const { property } of cutShort.violations) expect(Object.keys(found)).toContain(property);
      for (const goal of cutShort.goals.reached) expect(naive.goals).toContain(goal);
      expect(machine.arena.computeHash()).toBe(before);
      if (mode === 'reduced') expect(explore(machine, { mode }).run()).toEqual(result);
    }
  });

// Seeds of their own, so that it takes the same time and says the same thing every time.
it('agrees with the plainest search there is, in every mode, about everything that matters', () => {
  fc.assert(agrees(toy), { numRuns: 25, seed: 1 });
}, 120_000);

it('does so where agents are alike', () => {
  fc.assert(agrees(toyOfAlikes), { numRuns: 25, seed: 1 });
}, 120_000);

it.each([
  ['where faults touch what agents share, or ask a choice', toyOfStrikes],
  ['where agents keep places of their own in what they share', toyOfVotes],
  ['where agents start, stop and reset each other', toyOfMeddlers],
])(
  'does so %s',
  (_, toys) => {
    fc.assert(agrees(toys), { numRuns: 12, seed: 1 });
  },
  120_000,
);
