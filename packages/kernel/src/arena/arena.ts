import { CheckstopError } from '../error.ts';
import { mixA, mixB } from './hash.ts';
import { Images } from './images.ts';
import { CONTROL, FLAG, type Layout, LOG_ENTRY, PAGE, PAGE_OWNER, SHARED_BIT, WASM_PAGE } from './layout.ts';

/** Who was touched by a step: bit a = agent a, bit 31 = shared; `conflict` is a page that was touched against its owner, or -1. */
export interface Footprint {
  readonly read: number;
  readonly write: number;
  readonly conflict: number;
}

/** A whole state as bytes: shared block, agents' blocks, RAM. Opaque, but may be kept, sent and compared. */
export interface Snapshot {
  readonly state: Uint8Array;
  readonly ram: Uint8Array;
}

/** A point in the undo log, good for the arena that made it. */
export interface Mark {
  readonly top: number;
}

const C = {
  logTop: CONTROL.LOG_TOP >> 2,
  logLimit: CONTROL.LOG_LIMIT >> 2,
  hashA: CONTROL.HASH_A >> 2,
  hashB: CONTROL.HASH_B >> 2,
  agent: CONTROL.AGENT >> 2,
  read: CONTROL.TOUCHED_READ >> 2,
  write: CONTROL.TOUCHED_WRITE >> 2,
  conflict: CONTROL.CONFLICT >> 2,
  flags: CONTROL.FLAGS >> 2,
};

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
  /** @internal Grows whenever the log is emptied. */
  epoch = 0;
  /** The marks that can still be undone to, outermost first; no two of one point, so the log bounds them. */
  private readonly marks: Mark[] = [];
  /** The hash cells are wrong by a constant: state was written around the log. */
  private hashStale = false;
  /** Told what undo, restore and images changed, as byte ranges; derived state is rebuilt from there. */
  private readonly invalidators: ((start: number, end: number) => void)[] = [];

  constructor(readonly layout: Layout) {
    const pages = Math.ceil(layout.end / WASM_PAGE);
    this.memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
    this.u8 = new Uint8Array(this.memory.buffer);
    this.i32 = new Int32Array(this.memory.buffer);
    this.u32 = new Uint32Array(this.memory.buffer);
    this.u64 = new BigUint64Array(this.memory.buffer);
    this.u32[C.logTop] = layout.logStart;
    this.u32[C.logLimit] = layout.logEnd;
    this.u32[C.flags] = FLAG.LOGGING;
    this.u8.fill(PAGE_OWNER.SHARED, layout.pageOwners, layout.pageOwners + layout.ramSize / PAGE);
  }

  // ---- writing, the one protocol ----

  /** Notes that a record was read; `bit` is its owner's. */
  touchRead(bit: number): void {
    this.i32[C.read] |= bit;
  }

  /** Writes the granule at `address` (bytes, multiple of 8) given as two 32-bit halves. */
  writeGranule(address: number, lo: number, hi: number, ghost: boolean, bit: number): void {
    const { i32 } = this;
    i32[C.write] |= bit;
    const at = address >>> 2;
    const oldLo = i32[at];
    const oldHi = i32[at + 1];
    if (oldLo === (lo | 0) && oldHi === (hi | 0)) return;
    if (i32[C.flags] & FLAG.LOGGING) this.log(address, oldLo, oldHi, lo, hi, ghost);
    i32[at] = lo;
    i32[at + 1] = hi;
  }

  private log(address: number, oldLo: number, oldHi: number, lo: number, hi: number, ghost: boolean): void {
    const { i32, u32 } = this;
    const top = u32[C.logTop];
    if (top + LOG_ENTRY > u32[C.logLimit])
      throw new CheckstopError(
        'ARENA_LOG_FULL',
        `The undo log of ${this.layout.logEnd - this.layout.logStart} bytes is full; run in smaller slices, forget marks sooner, or give createMachine a larger logBytes.`,
      );
    const at = top >>> 2;
    i32[at] = address;
    i32[at + 1] = ghost ? 1 : 0;
    i32[at + 2] = oldLo;
    i32[at + 3] = oldHi;
    u32[C.logTop] = top + LOG_ENTRY;
    if (!ghost) {
      i32[C.hashA] ^= mixA(address, oldLo, oldHi) ^ mixA(address, lo, hi);
      i32[C.hashB] ^= mixB(address, oldLo, oldHi) ^ mixB(address, lo, hi);
    }
  }

  // ---- RAM ----

  /** Notes a touch of RAM bytes, by page owner. Called by {@link Ram}; WebAssembly does the same. */
  touchRam(offset: number, length: number, store: boolean): void {
    const { i32, u8, layout } = this;
    const agent = i32[C.agent];
    for (let page = Math.floor(offset / PAGE); page * PAGE < offset + length; page++) {
      const owner = u8[layout.pageOwners + page];
      if (owner === PAGE_OWNER.SHARED) i32[store ? C.write : C.read] |= SHARED_BIT;
      else if (owner === agent + 1) i32[store ? C.write : C.read] |= 1 << agent;
      else if (owner !== PAGE_OWNER.CONSTANT || store) i32[C.conflict] ||= page + 1;
    }
  }

  /** Owner of a page of RAM: see {@link PAGE_OWNER}. */
  pageOwner(page: number): number {
    return this.u8[this.layout.pageOwners + page];
  }

  /** Gives a page to an owner. Images taken before are void. */
  claim(page: number, owner: number): void {
    this.u8[this.layout.pageOwners + page] = owner;
  }

  /** Gives all pages to an owner. */
  claimAll(owner: number): void {
    const { pageOwners, ramSize } = this.layout;
    this.u8.fill(owner, pageOwners, pageOwners + ramSize / PAGE);
  }

  // ---- footprint ----

  /** Begins to note whose state is touched, on behalf of this agent. */
  track(agent: number): void {
    const { i32 } = this;
    i32[C.agent] = agent;
    i32[C.read] = 0;
    i32[C.write] = 0;
    i32[C.conflict] = 0;
    i32[C.flags] |= FLAG.TRACKING;
  }

  /** The agent on whose behalf touches are noted. */
  get agent(): number {
    return this.i32[C.agent];
  }

  /** Owners read since `track`, without allocating. */
  get touchedRead(): number {
    return this.i32[C.read];
  }

  /** Owners written since `track`, without allocating. */
  get touchedWrite(): number {
    return this.i32[C.write];
  }

  /** The first page touched against its owner since `track`, or -1. */
  get conflict(): number {
    return this.i32[C.conflict] - 1;
  }

  /** The footprint since `track`. */
  footprint(): Footprint {
    return { read: this.touchedRead, write: this.touchedWrite, conflict: this.conflict };
  }

  /** Forgets reads noted since `read` was taken from `touchedRead`: for looking without being seen, in reports. */
  restoreTouchedRead(read: number): void {
    this.i32[C.read] = read;
  }

  // ---- undo ----

  /** Turns logging (and the incremental hash) on or off. Off is for fast runs: marks taken before become void. */
  set logging(on: boolean) {
    const { i32 } = this;
    if (on === this.logging) return;
    this.bypassed();
    if (on) i32[C.flags] |= FLAG.LOGGING;
    else i32[C.flags] &= ~FLAG.LOGGING;
  }

  get logging(): boolean {
    return (this.i32[C.flags] & FLAG.LOGGING) !== 0;
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
    const top = this.u32[C.logTop];
    const last = this.marks.at(-1);
    if (last?.top === top) return last;
    const mark = { top };
    this.marks.push(mark);
    return mark;
  }

  /**
   * Takes back every write since the mark, which stays good for another time.
   *
   * @throws CheckstopError ARENA_STALE_MARK
   */
  undo(mark: Mark): void {
    const { i32, u32 } = this;
    const depth = this.marks.lastIndexOf(mark);
    if (depth < 0)
      throw new CheckstopError(
        'ARENA_STALE_MARK',
        'This mark is void: the log was emptied since (by restore, images, logging off or on, forgetMarks), or an earlier mark was undone to. Take a new mark after those.',
      );
    this.marks.length = depth + 1;
    let lowest = Number.MAX_SAFE_INTEGER;
    let highest = 0;
    for (let top = u32[C.logTop]; top > mark.top; ) {
      top -= LOG_ENTRY;
      const at = top >>> 2;
      const address = u32[at];
      const cell = address >>> 2;
      if (i32[at + 1] === 0) {
        i32[C.hashA] ^= mixA(address, i32[cell], i32[cell + 1]) ^ mixA(address, i32[at + 2], i32[at + 3]);
        i32[C.hashB] ^= mixB(address, i32[cell], i32[cell + 1]) ^ mixB(address, i32[at + 2], i32[at + 3]);
      }
      i32[cell] = i32[at + 2];
      i32[cell + 1] = i32[at + 3];
      lowest = Math.min(lowest, address);
      highest = Math.max(highest, address + 8);
    }
    u32[C.logTop] = mark.top;
    if (highest > 0) this.invalidate(lowest, highest);
  }

  /** Empties the log: nothing before can be undone any more. */
  forgetMarks(): void {
    this.u32[C.logTop] = this.layout.logStart;
    this.marks.length = 0;
    this.epoch++;
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
    const { sharedBlock, agentBlocks, agents, agentBlockSize, ram, ramSize } = this.layout;
    return {
      state: this.u8.slice(sharedBlock, agentBlocks + agents * agentBlockSize),
      ram: this.u8.slice(ram, ram + ramSize),
    };
  }

  /** Puts a snapshot of a machine of the same layout back. Marks become void. */
  restore(snapshot: Snapshot): void {
    const { sharedBlock, agentBlocks, agents, agentBlockSize, ram, ramSize } = this.layout;
    if (
      snapshot.state.length !== agentBlocks + agents * agentBlockSize - sharedBlock ||
      snapshot.ram.length !== ramSize
    )
      throw new CheckstopError(
        'ARENA_FOREIGN_SNAPSHOT',
        'This snapshot is of a machine with another layout; restore it into one made of the same plugins and options.',
      );
    this.u8.set(snapshot.state, sharedBlock);
    this.u8.set(snapshot.ram, ram);
    this.bypassed();
    this.invalidate(sharedBlock, ram + ramSize);
  }

  /** The hash of the architectural state, 16 hexadecimal digits. Kept by every logged write; computed afresh after writes around the log (restore, images, logging off). */
  hash(): string {
    if (this.hashStale) {
      [this.i32[C.hashA], this.i32[C.hashB]] = this.freshHash();
      this.hashStale = !this.logging;
    }
    return hex(this.i32[C.hashA], this.i32[C.hashB]);
  }

  /** The same, computed afresh from all of the state. */
  computeHash(): string {
    return hex(...this.freshHash());
  }

  private freshHash(): [number, number] {
    const { i32, layout } = this;
    let a = 0;
    let b = 0;
    const fold = (start: number, bytes: number): void => {
      for (let address = start; address < start + bytes; address += 8) {
        const lo = i32[address >>> 2];
        const hi = i32[(address >>> 2) + 1];
        if ((lo | hi) === 0) continue;
        a ^= mixA(address, lo, hi);
        b ^= mixB(address, lo, hi);
      }
    };
    for (const record of layout.records) {
      if (record.kind === 'ghost') continue;
      if (record.owner === 'shared') fold(layout.sharedBlock + record.blockOffset, record.size);
      else
        for (let agent = 0; agent < layout.agents; agent++)
          fold(layout.agentBlocks + agent * layout.agentBlockSize + record.blockOffset, record.size);
    }
    fold(layout.ram, layout.ramSize);
    return [a, b];
  }

  /** An interning store of images per owner under the present ownership of pages. Marks become void as it works. */
  images(): Images {
    return new Images(this);
  }
}

function hex(a: number, b: number): string {
  return (a >>> 0).toString(16).padStart(8, '0') + (b >>> 0).toString(16).padStart(8, '0');
}
