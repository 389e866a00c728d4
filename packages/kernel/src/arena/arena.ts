import { CheckstopError } from '../error.ts';
import { GRANULE } from './descriptor.ts';
import { hashOf, mixA, mixB } from './hash.ts';
import { Images } from './images.ts';
import { CELL, FLAG, FROZEN_BIT, type Layout, PAGE, PAGE_OWNER, SHARED_BIT, WASM_PAGE } from './layout.ts';
import { Lease, type LeaseTerms } from './lease.ts';
import { putSnapshot, type Snapshot, takeSnapshot } from './snapshot.ts';
import { type Mark, UndoLog } from './undo-log.ts';

/** The conflict of `Arena.changedItsWays`: beyond all pages. */
export const CHANGED_WAYS = 0x7fff_fffe;

/** Who was touched by a step: bit a = agent a, bit 31 = shared; `conflict` is what was touched against its owner, as `Arena.own` takes it, or -1. */
export interface Footprint {
  readonly read: number;
  readonly write: number;
  readonly conflict: number;
}

/** A shared record that may count as constant. */
interface Freezable {
  overlaps(start: number, end: number): boolean;
  readonly isConstant: boolean;
  freeze(frozen: boolean): void;
}

/**
 * All mutable state of the machine, in one linear memory that generated WebAssembly shares.
 *
 * TypeScript and WebAssembly write through the same protocol: append the old granule to the undo log, fold the change into the hash, note whose state was touched.
 */
export class Arena {
  readonly memory: WebAssembly.Memory;
  readonly u8: Uint8Array;
  readonly i32: Int32Array;
  readonly u32: Uint32Array;
  readonly u64: BigUint64Array;
  private readonly log: UndoLog;
  /** Granules read through accessors, while somebody asks. */
  private collected: Set<number> | undefined;
  /** The hash cells are wrong by a constant: state was written around the log. */
  private hashStale = false;
  /** @internal Pages that are lent, in the order in which that was agreed. */
  readonly leases: Lease[] = [];
  /** @internal Shared records. */
  readonly freezable: Freezable[] = [];
  /** Told what undo, restore and images changed, as byte ranges; derived state is rebuilt from there. */
  private readonly invalidators: ((start: number, end: number) => void)[] = [];

  constructor(readonly layout: Layout) {
    const pages = Math.ceil(layout.end / WASM_PAGE);
    this.memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
    this.u8 = new Uint8Array(this.memory.buffer);
    this.i32 = new Int32Array(this.memory.buffer);
    this.u32 = new Uint32Array(this.memory.buffer);
    this.u64 = new BigUint64Array(this.memory.buffer);
    this.log = new UndoLog(this.i32, this.u32, layout);
    this.u32[CELL.flags] = FLAG.LOGGING;
    this.u8.fill(PAGE_OWNER.SHARED, layout.pageOwners, layout.pageOwners + layout.ramSize / PAGE);
  }

  // ---- writing, the one protocol ----

  /** Notes that the granule at `address` (bytes) of a record was read; `bit` is its owner's. */
  touchRead(bit: number, address: number): void {
    this.i32[CELL.read] |= bit;
    this.collected?.add(address);
  }

  /** Writes the granule at `address` (bytes, multiple of 8) given as two 32-bit halves. */
  writeGranule(address: number, lo: number, hi: number, ghost: boolean, bit: number): void {
    const { i32 } = this;
    i32[CELL.write] |= bit;
    if (bit === FROZEN_BIT) i32[CELL.conflict] ||= -address / GRANULE;
    const at = address >>> 2;
    const oldLo = i32[at];
    const oldHi = i32[at + 1];
    if (oldLo === (lo | 0) && oldHi === (hi | 0)) return;
    if (i32[CELL.flags] & FLAG.LOGGING) {
      this.log.append(address, oldLo, oldHi, ghost);
      if (!ghost) {
        i32[CELL.hashA] ^= mixA(address, oldLo, oldHi) ^ mixA(address, lo, hi);
        i32[CELL.hashB] ^= mixB(address, oldLo, oldHi) ^ mixB(address, lo, hi);
      }
    }
    i32[at] = lo;
    i32[at + 1] = hi;
  }

  // ---- RAM ----

  /** Notes a touch of RAM bytes, by page owner. Called by {@link Ram}; WebAssembly does the same. */
  touchRam(offset: number, length: number, store: boolean): void {
    const { i32, u8, layout } = this;
    const agent = i32[CELL.agent];
    const touched = store ? CELL.write : CELL.read;
    if (!store && this.collected)
      for (let at = offset - (offset % GRANULE); at < offset + length; at += GRANULE)
        this.collected.add(layout.ram + at);
    for (let page = Math.floor(offset / PAGE); page * PAGE < offset + length; page++) {
      const owner = u8[layout.pageOwners + page];
      if (owner === PAGE_OWNER.SHARED) i32[touched] |= SHARED_BIT;
      else if (owner === agent + 1) i32[touched] |= 1 << agent;
      else if (owner !== PAGE_OWNER.CONSTANT || store) i32[CELL.conflict] ||= page + 1;
    }
  }

  /**
   * Begins anew to find out who owns what: every page is constant until somebody writes it, and so is every shared
   * record; pages under lease belong to whoever holds them. `own` learns from conflicts. Images taken before are void.
   */
  disown(): void {
    const { pageOwners, ramSize } = this.layout;
    this.u8.fill(PAGE_OWNER.CONSTANT, pageOwners, pageOwners + ramSize / PAGE);
    for (const lease of this.leases) lease.honour(true);
    for (const record of this.freezable) record.freeze(true);
  }

  /** All state belongs to everyone, which is how a machine begins. Images taken before are void. */
  share(): void {
    const { pageOwners, ramSize } = this.layout;
    for (const lease of this.leases) lease.honour(false);
    for (const record of this.freezable) record.freeze(false);
    this.u8.fill(PAGE_OWNER.SHARED, pageOwners, pageOwners + ramSize / PAGE);
  }

  /**
   * Learns from a `conflict` of a step of this agent: what was constant becomes its own (a page) or shared (a record),
   * what was another's, or under lease, becomes shared. Images taken before are void.
   */
  own(conflict: number, agent: number): void {
    if (conflict === CHANGED_WAYS) return;
    if (conflict < -1) {
      const at = (-conflict - 1) * GRANULE;
      this.freezable.find((record) => record.overlaps(at, at + GRANULE))?.freeze(false);
      return;
    }
    const lease = this.leases.find((candidate) => candidate.covers(conflict));
    if (lease) lease.honour(false);
    else this.claim(conflict, this.pageOwner(conflict) === PAGE_OWNER.CONSTANT ? agent + 1 : PAGE_OWNER.SHARED);
  }

  /**
   * Says, within a step, that from now on steps do something else than before, though no state differs: somebody began or
   * ceased to listen to what they touch. A conflict that concerns nobody's state: what is remembered of steps is void.
   */
  changedItsWays(): void {
    this.i32[CELL.conflict] ||= CHANGED_WAYS + 1;
  }

  /** Owner of a page of RAM: see {@link PAGE_OWNER}. */
  pageOwner(page: number): number {
    return this.u8[this.layout.pageOwners + page];
  }

  /** Gives a page to an owner. Images taken before are void. */
  claim(page: number, owner: number): void {
    this.u8[this.layout.pageOwners + page] = owner;
  }

  /** Agrees that pages belong to one agent at a time, see {@link Lease}. In the ready phase. */
  lease(terms: LeaseTerms): Lease {
    const lease = new Lease(this, terms);
    if (lease.firstPage < lease.endPage) this.leases.push(lease);
    return lease;
  }

  /** The lease that a page is under, if footprints go by it. */
  leaseOf(page: number): Lease | undefined {
    return this.leases.find((lease) => lease.covers(page));
  }

  // ---- footprint ----

  /** Begins to note whose state is touched, on behalf of this agent. */
  track(agent: number): void {
    const { i32 } = this;
    i32[CELL.agent] = agent;
    i32[CELL.read] = 0;
    i32[CELL.write] = 0;
    i32[CELL.conflict] = 0;
  }

  /** The agent on whose behalf touches are noted. */
  get agent(): number {
    return this.i32[CELL.agent];
  }

  /** Owners read since `track`, without allocating. */
  get touchedRead(): number {
    return this.i32[CELL.read];
  }

  /** Owners written since `track`, without allocating. */
  get touchedWrite(): number {
    return this.i32[CELL.write];
  }

  /** What was touched against its owner since `track`, as `own` takes it, or -1. */
  get conflict(): number {
    return this.i32[CELL.conflict] - 1;
  }

  /** The footprint since `track`. */
  footprint(): Footprint {
    return { read: this.touchedRead, write: this.touchedWrite, conflict: this.conflict };
  }

  /** Answers with what `look` does; what it reads leaves no footprint. For reports. */
  unseen<T>(look: () => T): T {
    const { i32 } = this;
    const read = i32[CELL.read];
    const conflict = i32[CELL.conflict];
    const { collected } = this;
    this.collected = undefined;
    const seen = look();
    this.collected = collected;
    i32[CELL.read] = read;
    i32[CELL.conflict] = conflict;
    return seen;
  }

  /** Does something, and answers with the byte addresses of the granules that TypeScript read in it. */
  granulesRead(act: () => void): ReadonlySet<number> {
    const outer = this.collected;
    const mine = new Set<number>();
    this.collected = mine;
    try {
      act();
    } finally {
      this.collected = outer;
    }
    return mine;
  }

  // ---- undo ----

  /** Turns logging (and the incremental hash) on or off. Off is for fast runs: marks taken before become void. */
  set logging(on: boolean) {
    if (on === this.logging) return;
    this.bypassed();
    this.i32[CELL.flags] ^= FLAG.LOGGING;
  }

  get logging(): boolean {
    return (this.i32[CELL.flags] & FLAG.LOGGING) !== 0;
  }

  /**
   * Remembers this point. Marks nest: undo to an outer one forgets the inner ones.
   *
   * @throws CheckstopError ARENA_NOT_LOGGING
   */
  mark(): Mark {
    if (!this.logging)
      throw new CheckstopError(
        'ARENA_NOT_LOGGING',
        'Logging is off, so nothing could be undone to this mark; set arena.logging = true first.',
      );
    return this.log.mark();
  }

  /**
   * Takes back every write since the mark, which stays good for another time.
   *
   * @throws CheckstopError ARENA_STALE_MARK
   */
  undo(mark: Mark): void {
    const { start, end } = this.log.undo(mark);
    for (const lease of this.leases) lease.follow();
    if (start < end) this.invalidate(start, end);
  }

  /** Empties the log: nothing before can be undone any more. */
  forgetMarks(): void {
    this.log.clear();
  }

  /** @internal Grows whenever the log is emptied. */
  get epoch(): number {
    return this.log.epoch;
  }

  /**
   * Sees to it that the log has room for this many bytes, {@link LOG_ENTRY} a write: empties it if it has not and no mark is
   * held. Logged writes from TypeScript do so by themselves; generated WebAssembly, which only counts, has to ask before.
   *
   * @throws CheckstopError ARENA_LOG_FULL
   */
  makeRoom(bytes: number): void {
    if (this.logging) this.log.makeRoom(bytes);
  }

  /** @internal State was, or is about to be, written around the log. */
  bypassed(): void {
    this.forgetMarks();
    this.hashStale = true;
  }

  /** Registers a plugin's rebuild of derived state; called with the byte range that changed behind its back. */
  onInvalidate(rebuild: (start: number, end: number) => void): void {
    this.invalidators.push(rebuild);
  }

  /** Tells derived state that this byte range changed. */
  invalidate(start: number, end: number): void {
    for (const rebuild of this.invalidators) rebuild(start, end);
  }

  // ---- snapshots, hash, images ----

  /** The whole architectural and ghost state. */
  snapshot(): Snapshot {
    return takeSnapshot(this.u8, this.layout);
  }

  /**
   * Puts a snapshot of a machine of the same layout back. Marks become void.
   *
   * @throws CheckstopError ARENA_FOREIGN_SNAPSHOT
   */
  restore(snapshot: Snapshot): void {
    putSnapshot(this.u8, this.layout, snapshot);
    this.bypassed();
    for (const lease of this.leases) lease.follow();
    this.invalidate(this.layout.sharedBlock, this.layout.end);
  }

  /** The hash of the architectural state, 16 hexadecimal digits. Kept by every logged write; computed afresh after writes around the log (restore, images, logging off). */
  hash(): string {
    if (this.hashStale) {
      [this.i32[CELL.hashA], this.i32[CELL.hashB]] = hashOf(this.i32, this.layout);
      this.hashStale = !this.logging;
    }
    return hex(this.i32[CELL.hashA], this.i32[CELL.hashB]);
  }

  /** The same, computed afresh from all of the state. */
  computeHash(): string {
    return hex(...hashOf(this.i32, this.layout));
  }

  /** An interning store of images per owner under the present ownership of pages. Marks become void as it works. */
  images(): Images {
    return new Images(this);
  }
}

function hex(a: number, b: number): string {
  return (a >>> 0).toString(16).padStart(8, '0') + (b >>> 0).toString(16).padStart(8, '0');
}
