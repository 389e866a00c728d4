import type { RegisterName } from '../state.ts';
import { SPECIAL_REGISTERS } from '../state.ts';

/** Entries of the decode cache; a power of two. */
export const DECODE_CACHE_ENTRIES = 4096;

/** Bytes of the decode cache: a word and what it decodes to, for each entry. */
export const DECODE_CACHE_BYTES = DECODE_CACHE_ENTRIES * 8;

/** Bytes of the watch table; a power of two. Page p has byte p modulo this: too much is reported, and sorted out there. */
export const WATCH_ENTRIES = 4096;

/** What somebody watches about a page of RAM: bits of its byte in the watch table. */
export const WATCH = { fetch: 1, load: 2, store: 4 } as const;

/** What generated code needs to know of the machine: fixed before it is generated, and baked into it. */
export interface Plan {
  /** Whether writes go through the undo log and the hash, and touches are noted. */
  readonly logged: boolean;
  readonly agents: number;
  /** Size of the arena's memory, in pages of 64 KiB. */
  readonly memoryPages: number;
  /** Address and size of RAM. */
  readonly ram: number;
  readonly ramSize: number;
  /** Address of the table of pages' owners. */
  readonly pageOwners: number;
  /** Address of the watch table. */
  readonly watch: number;
  readonly decodeCache: number;
  /** Address of the reservations, a granule for each vCPU (reservation.ts). */
  readonly reservations: number;
}

/** Offset of a register in a vCPU's register file. */
export function registerOffset(name: RegisterName): number {
  return (32 + SPECIAL_REGISTERS.indexOf(name)) * 8;
}

/** Offset of a general purpose register. */
export const gprOffset = (number: number): number => number * 8;
