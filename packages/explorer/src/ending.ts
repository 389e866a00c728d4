import type { BottomProperty, Machine, Property, Snapshot } from '@checkstop/kernel';
import { Attempt } from './attempt.ts';
import { OwnershipChanged } from './ownership.ts';
import { takeTurns } from './turns.ts';

/** States that are looked at to find out whether an end can be left. */
const MAX_STATES = 200_000;

/** What a bottom property says about an end. */
export interface Complaint {
  readonly property: Property;
  readonly text: string;
}

/**
 * What bottom properties have against the state the machine is in, if that is an end: if everything that can still
 * happen without faults, every step interleaved, leads back to it. Undefined when more than `maxStates` states can follow,
 * so that nobody knows. The machine is given back as it was.
 */
export function judgeEnding(
  machine: Machine,
  properties: readonly Property[],
  maxStates = MAX_STATES,
): Complaint[] | undefined {
  const bottoms = properties.filter((property) => property.kind === 'bottom');
  if (machine.stopped || bottoms.every((property) => property.check() === undefined)) return [];
  const start = machine.arena.snapshot();
  for (;;) {
    try {
      return judge(machine, bottoms, start, maxStates);
    } catch (error) {
      // Where somebody begins to listen for the first time, what was remembered of steps is void: once for each who does.
      if (!(error instanceof OwnershipChanged)) throw error;
      machine.arena.own(error.conflict, error.agent);
    }
  }
}

function judge(
  machine: Machine,
  bottoms: readonly BottomProperty[],
  start: Snapshot,
  maxStates: number,
): Complaint[] | undefined {
  const attempt = new Attempt(machine, bottoms, { unreduced: true, faults: false });
  try {
    const { breadth } = attempt;
    while (!breadth.complete && breadth.table.count <= maxStates) breadth.expandNext();
    if (!breadth.complete) return undefined;
    takeTurns(attempt.judgeBottoms(), Number.POSITIVE_INFINITY);
    const violated = bottoms.filter((_, index) => attempt.isViolatedAtStart(index));
    machine.arena.restore(start);
    return violated.map((property) => ({ property, text: property.check() ?? '' }));
  } finally {
    attempt.dispose();
    machine.arena.restore(start);
  }
}
