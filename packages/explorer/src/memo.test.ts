import fc from 'fast-check';
import { expect, it } from 'vitest';
import { StepMemo } from './memo.ts';

const AGENTS = 3;
const SHARED = AGENTS;

/** A step of agent 0 that looks outside only where its own image, then shared state, sends it. */
function touchedBy([own, , , shared]: readonly number[]): number {
  if (own % 3 === 0) return 0b0001;
  if (own % 3 === 1 || shared % 2 === 0) return 0b1001;
  return 0b1101;
}

/** What comes of it depends on what it touched and on nothing else. */
function resultOf(tuple: readonly number[]): number {
  const touched = touchedBy(tuple);
  return tuple.reduce((sum, image, owner) => ((touched >> owner) & 1 ? sum * 31 + image : sum), 7) % 1000;
}

it('finds a step wherever what it depended on is the same, and nowhere else', () => {
  const image = fc.nat(40);
  fc.assert(
    fc.property(fc.array(fc.tuple(image, image, image, image), { minLength: 1, maxLength: 3000 }), (tuples) => {
      const memo = new StepMemo(AGENTS, 1);
      const next = new Int32Array(AGENTS + 1);
      const keys = new Set<string>();
      let executed = 0;
      for (const tuple of tuples) {
        const state = Int32Array.from(tuple);
        let leaf = memo.find(0, 0, state);
        if (leaf < 0) {
          executed++;
          const images = [resultOf(tuple), -1, -1, -1];
          const outcomes = [{ images, answers: [], note: undefined, stopped: false }];
          leaf = memo.add(0, 0, state, { touched: touchedBy(tuple), outcomes });
        }
        keys.add(tuple.map((part, owner) => ((touchedBy(tuple) >> owner) & 1 ? part : '')).join());
        memo.apply(memo.start(leaf), state, next);
        expect([...next]).toEqual([resultOf(tuple), ...tuple.slice(1)]);
        expect(memo.isLocal(0, 0, tuple[0])).toBe(touchedBy(tuple) === 1);
      }
      // One path to agent 2 asks for more than some steps need, so a few are executed more often than necessary.
      expect(executed).toBeGreaterThanOrEqual(keys.size);
    }),
    { numRuns: 30 },
  );
});

it('executes a shared step once for each pair of images', () => {
  const memo = new StepMemo(AGENTS, 1);
  let executed = 0;
  for (let round = 0; round < 2; round++) {
    for (let own = 0; own < 60; own++) {
      for (let shared = 0; shared < 60; shared++) {
        const state = Int32Array.of(own, round, round, shared);
        if (memo.find(0, 0, state) >= 0) continue;
        executed++;
        memo.add(0, 0, state, { touched: 1 | (1 << SHARED), outcomes: [] });
      }
    }
  }
  expect(executed).toBe(3600);
});

it('counts what it keeps of answers and remarks', () => {
  const bytesOf = (answers: readonly number[], text: string): number => {
    const memo = new StepMemo(AGENTS, 1);
    const note = text ? { violations: [{ property: 0, text }], goals: [text] } : undefined;
    for (let own = 0; own < 100; own++) {
      const outcomes = [{ images: [own, -1, -1, -1], answers, note, stopped: false }];
      memo.add(0, 0, Int32Array.of(own, 0, 0, 0), { touched: 1, outcomes });
    }
    return memo.bytes;
  };
  const least = bytesOf([], '');
  expect(bytesOf(Array(50).fill(1), '')).toBeGreaterThan(least + 100 * 50 * 4);
  expect(bytesOf([], 'x'.repeat(1000))).toBeGreaterThan(least + 100 * 2000);
});
