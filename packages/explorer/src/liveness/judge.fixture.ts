import type { Machine } from '@checkstop/kernel';
import { Attempt } from '../attempt.ts';
import { DEFAULT_LIMITS } from '../limits.ts';
import { OwnershipChanged } from '../ownership.ts';
import { Responses } from './responses.ts';

/** Explores everything and judges the response properties, beginning again for as long as something turns out wrong. */
export function judge(machine: Machine, unreduced = false): Responses {
  const { arena } = machine;
  const start = arena.snapshot();
  arena.disown();
  const invariantReads: number[] = [];
  let exposed = 0;
  try {
    for (;;) {
      arena.restore(start);
      const attempt = new Attempt(machine, machine.properties, { exposed, unreduced, invariantReads });
      try {
        const { breadth, expander, steps } = attempt;
        while (!breadth.complete && attempt.newlyExposed === 0) breadth.expandNext();
        exposed |= attempt.newlyExposed;
        if (!breadth.complete) continue;
        const properties = machine.properties.filter((property) => property.kind === 'response');
        const responses = new Responses({ machine, breadth, expander, steps, start }, properties, DEFAULT_LIMITS);
        while (!responses.done && responses.newlyExposed === 0) responses.advance();
        if (responses.newlyExposed === 0 && attempt.newlyExposed === 0) return responses;
        exposed |= responses.newlyExposed | attempt.newlyExposed;
      } catch (error) {
        if (!(error instanceof OwnershipChanged)) throw error;
        arena.restore(start);
        arena.own(error.conflict, error.agent);
      } finally {
        attempt.dispose();
      }
    }
  } finally {
    arena.restore(start);
    arena.share();
  }
}
