import type { InstructionFootprint } from '@checkstop/ppc-core';
import { type CheckKind, isOfData } from './check-kinds.ts';

/** How checks come: at any boundary between two instructions, or because of what the next instruction does. */
export const ARRIVALS = ['async', 'sync'] as const;
/** One of `ARRIVALS`. */
export type Arrival = (typeof ARRIVALS)[number];

const ACCESSES: readonly (InstructionFootprint | undefined)[] = ['load', 'store', 'reserve'];

/**
 * Whether a check can come before an instruction that touches this: a synchronous one of the data side at a load or a store only,
 * of the instruction side at whatever is fetched.
 */
export const strikesBefore = (
  arrival: Arrival,
  kind: CheckKind,
  footprint: InstructionFootprint | undefined,
): boolean => arrival === 'async' || !isOfData(kind) || ACCESSES.includes(footprint);
