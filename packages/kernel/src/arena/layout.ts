import { CheckstopError } from '../error.ts';
import { type Fields, GRANULE, type StateKind, type StateOwner } from './descriptor.ts';

/** Bytes of a chunk: images are interned by chunk, so every owner's block is a whole number of them. */
export const CHUNK = 128;

/** Bytes of a page of guest memory: the unit of ownership. */
export const PAGE = 256;

/** Byte addresses of the control block's 32-bit cells, which generated WebAssembly shares with this package. */
export const CONTROL = {
  /** Where the next undo entry goes. */
  LOG_TOP: 0,
  /** End of the undo log. */
  LOG_LIMIT: 4,
  HASH_A: 8,
  HASH_B: 12,
  /** Index of the agent being stepped. */
  AGENT: 16,
  /** Owners read since `track`: bit a = agent a, bit 31 = shared. */
  TOUCHED_READ: 20,
  TOUCHED_WRITE: 24,
  /** The first touch of what was believed to be otherwise: 1 + the number of a page, minus the number (address / 8) of a granule of a constant record that was written; 0 for none. */
  CONFLICT: 28,
  FLAGS: 32,
} as const;

/** @internal The same cells as indices into 32-bit views. */
export const CELL = {
  logTop: CONTROL.LOG_TOP / 4,
  logLimit: CONTROL.LOG_LIMIT / 4,
  hashA: CONTROL.HASH_A / 4,
  hashB: CONTROL.HASH_B / 4,
  agent: CONTROL.AGENT / 4,
  read: CONTROL.TOUCHED_READ / 4,
  write: CONTROL.TOUCHED_WRITE / 4,
  conflict: CONTROL.CONFLICT / 4,
  flags: CONTROL.FLAGS / 4,
} as const;

/** Bits of the FLAGS cell. */
export const FLAG = { LOGGING: 1 } as const;

/** Owner byte of a page: constant, 1 + agent when private, or shared. */
export const PAGE_OWNER = { CONSTANT: 0, SHARED: 255 } as const;

/** The bit of shared state in a touched mask. */
export const SHARED_BIT = 0x8000_0000 | 0;

/** @internal The bit of a constant record in the mask of what was written: it was none after all. */
export const FROZEN_BIT = 0x4000_0000;

/** Bytes of one undo entry: u32 address, u32 kind (0 architectural, 1 ghost), u64 old value. */
export const LOG_ENTRY = 16;

/** A declared record before and after it has an address. */
export interface RecordDeclaration {
  readonly owner: StateOwner;
  readonly name: string;
  readonly kind: StateKind;
  readonly fields: Fields;
  readonly size: number;
  /** Field name to byte offset in the record. */
  readonly offsets: ReadonlyMap<string, number>;
  /** Offset in the owner's block, known once laid out. */
  blockOffset: number;
}

/** Where everything lies. All addresses are bytes from the start of the arena's memory. */
export interface Layout {
  readonly agents: number;
  readonly records: readonly RecordDeclaration[];
  readonly logStart: number;
  readonly logEnd: number;
  readonly pageOwners: number;
  readonly sharedBlock: number;
  readonly sharedBlockSize: number;
  readonly agentBlocks: number;
  readonly agentBlockSize: number;
  readonly derived: ReadonlyMap<string, { readonly start: number; readonly size: number }>;
  readonly ram: number;
  readonly ramSize: number;
  readonly end: number;
}

const OWNERS: readonly StateOwner[] = ['shared', 'perAgent'];
const KINDS: readonly StateKind[] = ['architectural', 'ghost'];

/**
 * Declares a record: gives each field its offset.
 *
 * @throws CheckstopError STATE_BAD_FIELD
 */
export function declareRecord(owner: StateOwner, name: string, fields: Fields, kind: StateKind): RecordDeclaration {
  const bad = (what: string, expected: string): CheckstopError =>
    new CheckstopError('STATE_BAD_FIELD', `${what} of state '${name}' is none; expected ${expected}.`, { name });
  if (!OWNERS.includes(owner)) throw bad(`The owner '${owner}'`, OWNERS.join(' or '));
  if (!KINDS.includes(kind)) throw bad(`The kind '${kind}'`, KINDS.join(' or '));
  const offsets = new Map<string, number>();
  let size = 0;
  for (const [key, type] of Object.entries(fields)) {
    const { length = 1, ...rest } = { ...type };
    if (!('kind' in rest || 'element' in rest))
      throw bad(`The field '${key}'`, 'a type such as u32, or an array of one');
    if (!Number.isSafeInteger(length) || length < 0)
      throw bad(`The length ${length} of the array '${key}'`, 'a whole number');
    offsets.set(key, size);
    size += GRANULE * length;
  }
  return { owner, name, kind, fields, size, offsets, blockOffset: -1 };
}

/** Bytes of a page of WebAssembly memory, and how many bytes its 32-bit addresses reach. */
export const WASM_PAGE = 65536;
const MEMORY_LIMIT = 65536 * WASM_PAGE;

const align = (n: number, to: number): number => Math.ceil(n / to) * to;

/** Fixes every address: control block, log, page owners, shared block, one block an agent, derived areas, RAM. */
export function layOut(
  agents: number,
  records: readonly RecordDeclaration[],
  derived: readonly { name: string; size: number }[],
  ramSize: number,
  logBytes: number,
): Layout {
  if (!(ramSize > 0) || ramSize % PAGE !== 0)
    throw new CheckstopError(
      'ARENA_BAD_SIZE',
      `RAM of ${ramSize} bytes is not a whole number of ${PAGE}-byte pages; round it up.`,
      { ramSize },
    );
  if (!(logBytes > 0 && logBytes <= MEMORY_LIMIT))
    throw new CheckstopError('ARENA_BAD_SIZE', `An undo log of ${logBytes} bytes can't be had; give a positive size.`, {
      logBytes,
    });
  const sizes = { shared: 0, perAgent: 0 };
  for (const record of records) {
    record.blockOffset = sizes[record.owner];
    sizes[record.owner] += record.size;
  }
  const logStart = CHUNK;
  const logEnd = logStart + align(logBytes, CHUNK);
  const sharedBlock = align(logEnd + ramSize / PAGE, CHUNK);
  const sharedBlockSize = align(sizes.shared, CHUNK);
  const agentBlocks = sharedBlock + sharedBlockSize;
  const agentBlockSize = align(sizes.perAgent, CHUNK);
  let at = agentBlocks + agents * agentBlockSize;
  const areas = new Map<string, { start: number; size: number }>();
  for (const { name, size } of derived) {
    if (!Number.isSafeInteger(size) || size < 0)
      throw new CheckstopError(
        'ARENA_BAD_SIZE',
        `Derived state '${name}' of ${size} bytes can't be had; give a whole number.`,
        { name, size },
      );
    areas.set(name, { start: at, size });
    at = align(at + size, CHUNK);
  }
  const ram = align(at, WASM_PAGE);
  if (ram + ramSize > MEMORY_LIMIT)
    throw new CheckstopError(
      'ARENA_BAD_SIZE',
      `RAM of ${ramSize} bytes does not fit into the ${MEMORY_LIMIT} bytes that 32-bit addresses reach, of which the undo log has ${logBytes}; at most ${Math.max(0, MEMORY_LIMIT - ram)} are left for RAM.`,
      { ramSize, logBytes, largest: Math.max(0, MEMORY_LIMIT - ram) },
    );
  return {
    agents,
    records,
    logStart,
    logEnd,
    pageOwners: logEnd,
    sharedBlock,
    sharedBlockSize,
    agentBlocks,
    agentBlockSize,
    derived: areas,
    ram,
    ramSize,
    end: ram + ramSize,
  };
}
