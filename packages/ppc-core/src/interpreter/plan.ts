import { PAGE } from '@checkstop/kernel';
import { type I32, shr } from '../ir/expr.ts';
import { type RegisterName, SPECIAL_REGISTERS } from '../state.ts';
import type { WasmModule } from '../wasm/module.ts';

/** Entries of the decode cache; a power of two. */
export const DECODE_CACHE_ENTRIES = 4096;

/** Bytes of the decode cache: a word and what it decodes to, for each entry. */
export const DECODE_CACHE_BYTES = DECODE_CACHE_ENTRIES * 8;

/** Bytes of the watch table; a power of two. Page p has byte p modulo this: too much is reported, and sorted out there. */
export const WATCH_ENTRIES = 4096;

/** What somebody watches about a page of RAM: bits of its byte in the watch table. */
export const WATCH = { fetch: 1, load: 2, store: 4 } as const;

/** Where things are in the arena: known when the module is instantiated. */
export interface Addresses {
  readonly ram: number;
  readonly ramSize: number;
  /** Table of the owners of RAM's pages. */
  readonly pageOwners: number;
  /** Watch table. */
  readonly watch: number;
  readonly decodeCache: number;
  /** Reservations, a granule for each vCPU (reservation.ts). */
  readonly reservations: number;
}

/** What is known when the module is generated, and the addresses as values. */
export interface Plan {
  /** Whether writes go through the undo log and the hash, and touches are noted. */
  readonly logged: boolean;
  readonly agents: number;
  readonly at: { readonly [K in keyof Addresses]: I32 };
}

/** A plan for a module, with its addresses imported. */
export function planFor(module: WasmModule, logged: boolean, agents: number): Plan {
  const address = (name: keyof Addresses): I32 => ({ type: 'i32', op: 'code', code: module.constant(name) });
  return {
    logged,
    agents,
    at: {
      ram: address('ram'),
      ramSize: address('ramSize'),
      pageOwners: address('pageOwners'),
      watch: address('watch'),
      decodeCache: address('decodeCache'),
      reservations: address('reservations'),
    },
  };
}

/** Offset of a register in a vCPU's register file. */
export function registerOffset(name: RegisterName): number {
  return (32 + SPECIAL_REGISTERS.indexOf(name)) * 8;
}

/** Number of the page of RAM that an offset is in. */
export const pageOf = (offset: I32): I32 => shr(offset, Math.log2(PAGE));
