import type { Tagging } from '@checkstop/explorer';

/** Address of an instruction as descriptions of steps begin with it. */
export const placeOf = (nip: bigint): string => `0x${nip.toString(16).padStart(4, '0')}`;

/** What becomes of a check, by the instruction that it struck at: the interrupted code went on. */
export const deliveryOutcomes: readonly Tagging[] = [
  { tag: 'resumed', on: ['resumed'], where: (payload) => placeOf((payload as { nip: bigint }).nip) },
];
