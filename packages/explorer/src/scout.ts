import { type Machine, seededRandom } from '@checkstop/kernel';
import { OwnershipChanged, promote } from './ownership.ts';

/** A walk longer than that has seen what it will see. */
const MAX_STEPS = 2000;
const MAX_WALKS = 32;
/** Walks in a row that must find nothing new. */
const QUIET_WALKS = 5;
/** One pick in so many is a fault, if one is on offer. */
const FAULT_EVERY = 12;

/**
 * Walks the machine at random for a while to learn who touches what: pages are moved up to their owners, and the answer
 * is the mask of agents whose state others touch. What is not met here costs the search a new beginning, no more; most
 * is met, and beginning again late is what is dear. The seeds are fixed, so every search goes the same way.
 */
export function scout(machine: Machine): number {
  const start = machine.arena.snapshot();
  let exposed = 0;
  for (let seed = 1, quiet = 0; seed <= MAX_WALKS && quiet < QUIET_WALKS; seed++) {
    const found = walk(machine, seed, exposed);
    quiet = found.isNew ? 0 : quiet + 1;
    exposed = found.exposed;
    machine.arena.restore(start);
  }
  return exposed;
}

function walk(machine: Machine, seed: number, knownExposed: number): { isNew: boolean; exposed: number } {
  const { arena } = machine;
  const everyAgent = (1 << machine.agents.length) - 1;
  const scheduler = seededRandom(seed, { faultEvery: FAULT_EVERY });
  const answer = (name: string, count: number): number => scheduler.choose?.(name, count) ?? 0;
  let exposed = knownExposed;
  let moved = false;
  for (let steps = 0; steps < MAX_STEPS; steps++) {
    const alternatives = machine.alternatives();
    const decision = alternatives.length > 0 ? scheduler.next(alternatives) : undefined;
    if (!decision) break;
    const { agent, action } = alternatives[decision.index];
    arena.track(agent);
    machine.step(agent, machine.actions.indexOf(action), answer);
    exposed |= (arena.touchedRead | arena.touchedWrite) & everyAgent & ~(1 << agent);
    if (arena.conflict < 0) continue;
    promote(arena, new OwnershipChanged(arena.conflict, agent));
    moved = true;
  }
  return { isNew: moved || exposed !== knownExposed, exposed };
}
