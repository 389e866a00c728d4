import { checkDeterminism, type Machine, seededRandom } from '@checkstop/kernel';

/** Random walks, each from where the machine is, and their steps: most strike and deliver every check of a brief guest. */
const SEEDS = [1, 2, 3];
const STEPS = 120;
/** One in how many steps is a check, while there are some. */
const FAULT_EVERY = 4;
/** Bytes of RAM to be compared in all: each step compares the whole machine, so a large one is tried for fewer steps. */
const BYTES = 64 * 2 ** 20;

/**
 * Takes some hundred steps twice, and gives the machine back as it was. A plugin that remembers something in a variable of its
 * own would otherwise get a verdict that says nothing; it can still escape if it rarely acts on what it remembers.
 *
 * @throws CheckstopError STATE_OUTSIDE_ARENA
 */
export function refuseHiddenState(machine: Machine): void {
  const { arena } = machine;
  const start = arena.snapshot();
  const steps = Math.min(STEPS, Math.floor(BYTES / SEEDS.length / Math.max(1, arena.layout.ramSize)));
  try {
    for (const seed of SEEDS) {
      arena.restore(start);
      checkDeterminism(machine, seededRandom(seed, { faultEvery: FAULT_EVERY }), steps);
    }
  } finally {
    arena.restore(start);
  }
}
