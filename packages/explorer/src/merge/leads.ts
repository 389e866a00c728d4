import type { StepMemo } from '../memo.ts';
import type { NodeFacts } from './behaviour.ts';

/** What a node leads to, in classes: sorted lists without repetitions, the fewest faults of each kept. */
export interface Leads {
  /** Pairs (class of exits, faults on the way). */
  readonly exits: readonly number[];
  /** Triples (class of nodes, faults, diverges). */
  readonly rests: readonly number[];
  /** The classes of NodeFacts.own. */
  readonly own: readonly number[];
  /** Equal for nodes that are one. */
  readonly key: string;
}

/** Puts the facts about a node in terms of classes. */
export function leadsOf(
  { label, exits, rests, own }: NodeFacts,
  exitClass: (exit: number) => number,
  nodeClass: (body: number) => number,
): Leads {
  const cheapest = new Map<number, number>();
  for (let i = 0; i < exits.length; i += 2) keepLeast(cheapest, exitClass(exits[i]), exits[i + 1]);
  const stays = new Map<number, number>();
  for (let i = 0; i < rests.length; i += 3) keepLeast(stays, nodeClass(rests[i]) * 2 + rests[i + 2], rests[i + 1]);
  const ways = [...cheapest].sort(byFirst).flat();
  const staying = [...stays].sort(byFirst).flatMap(([at, faults]) => [at >> 1, faults, at & 1]);
  const self = own.map((exit) => (exit < 0 ? -1 : exitClass(exit)));
  return { exits: ways, rests: staying, own: self, key: `${label}|${ways}|${staying}|${self}` };
}

/** Which properties an outcome violates; what it says about goals tells no classes apart. */
export function said(memo: StepMemo, outcome: number): string {
  const violations = memo.note(outcome)?.violations ?? [];
  return violations.map(({ property }) => property).join();
}

function keepLeast(least: Map<number, number>, key: number, value: number): void {
  const known = least.get(key);
  if (known === undefined || value < known) least.set(key, value);
}

const byFirst = ([a]: readonly [number, number], [b]: readonly [number, number]): number => a - b;
