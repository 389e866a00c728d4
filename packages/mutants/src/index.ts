/**
 * Mutants: deliberate mistakes in strategies, guests, firmware and hypervisors, as data. Whoever calls a delivery green shows with
 * them what the verdict would have seen.
 *
 * @packageDocumentation
 */
import { byOption } from './by-option.ts';
import { interlocking } from './interlock.ts';
import type { Mutant } from './mutant.ts';
import { handingOver } from './report.ts';

export {
  type Alteration,
  alterPart,
  appliesTo,
  defineMutant,
  type Mutant,
  type OptionChanges,
  PARTS,
  type Part,
  type Subject,
  wrongOptions,
} from './mutant.ts';
export { otherwise, providing } from './provided.ts';

/** The library. Names are unique. */
export const mutants: readonly Mutant[] = [...byOption, ...handingOver, ...interlocking];
