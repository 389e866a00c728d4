import { CheckstopError } from '../error.ts';
import type { Layout } from './layout.ts';

/** A whole state as bytes: shared block, agents' blocks, RAM. Opaque, but may be kept, sent and compared. */
export interface Snapshot {
  readonly state: Uint8Array;
  readonly ram: Uint8Array;
}

/** Copies the state out of an arena's bytes. */
export function takeSnapshot(bytes: Uint8Array, layout: Layout): Snapshot {
  const { sharedBlock, ram, ramSize } = layout;
  return { state: bytes.slice(sharedBlock, endOfState(layout)), ram: bytes.slice(ram, ram + ramSize) };
}

/**
 * Copies a state into an arena's bytes.
 *
 * @throws CheckstopError ARENA_FOREIGN_SNAPSHOT when it is of another size
 */
export function putSnapshot(bytes: Uint8Array, layout: Layout, snapshot: Snapshot): void {
  const { state, ram }: Partial<Snapshot> = { ...snapshot };
  if (state?.length !== endOfState(layout) - layout.sharedBlock || ram?.length !== layout.ramSize)
    throw new CheckstopError(
      'ARENA_FOREIGN_SNAPSHOT',
      'This snapshot is of a machine with another layout; restore it into one made of the same plugins and options.',
    );
  bytes.set(state, layout.sharedBlock);
  bytes.set(ram, layout.ram);
}

/** Shared block and agents' blocks are neighbours. */
function endOfState({ agentBlocks, agents, agentBlockSize }: Layout): number {
  return agentBlocks + agents * agentBlockSize;
}
