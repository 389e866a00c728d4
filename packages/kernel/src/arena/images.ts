import type { Arena } from './arena.ts';
import { Interner } from './interner.ts';
import { CELL, CHUNK, LOG_ENTRY, PAGE, PAGE_OWNER } from './layout.ts';
import { Roles } from './roles.ts';

const WORDS = CHUNK / 4;
/** In the place of an owner: whoever holds the lease. */
const LEASED = 255;
/** Stands in an image for a leased chunk that its owner does not hold: the id of no chunk, whatever that contains. */
const ABSENT = -1;

/**
 * Images per owner: what an explorer stores of a state. Owners are the agents 0..n-1 and n for what they share; an image is the contents of the owner's records and pages.
 *
 * Contents are interned by chunk and compared exactly, so two ids of one owner are equal if and only if the images are. Taking an image re-interns only the chunks written since the last one was taken or put
 * (the undo log says which); putting one copies only the chunks that differ from what the arena holds. Both empty the log.
 */
export class Images {
  private readonly chunks = new Interner(WORDS);
  private readonly tuples: Interner[] = [];
  /** Per owner: byte address of each chunk. */
  private readonly addresses: Uint32Array[] = [];
  /** Per owner: the interned chunk that the arena holds in each slot, -1 when written since. */
  private readonly current: Int32Array[] = [];
  private readonly dirty: { slots: Int32Array; count: number }[] = [];
  /** Per owner: the id that the arena holds, -1 when unknown. */
  private readonly held: Int32Array;
  /** Byte addresses of chunks under lease: the first slots of *every* owner, who has them in its image while it holds them. */
  private readonly leased: number[] = [];
  /** By leased slot: the interned chunk that the arena holds there, -1 when written since. */
  private readonly lent: Int32Array;
  /** Chunk number (address / CHUNK) to owner + 1 (0 = none) and slot. */
  private readonly ownerOf: Uint8Array;
  private readonly slotOf: Int32Array;
  private readonly shared: number;
  /** The arena's epoch when the log was last read here: another one means that writes were missed. */
  private epoch: number;

  constructor(private readonly arena: Arena) {
    const { layout, u8 } = arena;
    this.shared = layout.agents;
    this.epoch = arena.epoch;
    this.ownerOf = new Uint8Array(Math.ceil(layout.end / CHUNK));
    this.slotOf = new Int32Array(this.ownerOf.length);
    this.held = new Int32Array(layout.agents + 1).fill(-1);
    for (let page = 0; page < layout.ramSize / PAGE; page++)
      if (arena.leaseOf(page))
        for (let at = layout.ram + page * PAGE; at < layout.ram + (page + 1) * PAGE; at += CHUNK) this.leased.push(at);
    for (const [slot, at] of this.leased.entries()) {
      this.ownerOf[at / CHUNK] = LEASED;
      this.slotOf[at / CHUNK] = slot;
    }
    this.lent = new Int32Array(this.leased.length).fill(-1);
    for (let owner = 0; owner <= layout.agents; owner++) {
      const list: number[] = [...this.leased];
      const block = owner === this.shared ? layout.sharedBlock : layout.agentBlocks + owner * layout.agentBlockSize;
      const size = owner === this.shared ? layout.sharedBlockSize : layout.agentBlockSize;
      for (let at = block; at < block + size; at += CHUNK) list.push(at);
      const byte = owner === this.shared ? PAGE_OWNER.SHARED : owner + 1;
      for (let page = 0; page < layout.ramSize / PAGE; page++)
        if (u8[layout.pageOwners + page] === byte && !arena.leaseOf(page))
          for (let at = layout.ram + page * PAGE; at < layout.ram + (page + 1) * PAGE; at += CHUNK) list.push(at);
      for (const [slot, at] of list.entries()) {
        if (slot < this.leased.length) continue;
        this.ownerOf[at / CHUNK] = owner + 1;
        this.slotOf[at / CHUNK] = slot;
      }
      this.addresses.push(Uint32Array.from(list));
      this.current.push(new Int32Array(list.length));
      this.dirty.push({ slots: new Int32Array(list.length), count: 0 });
      this.tuples.push(new Interner(list.length));
    }
    this.forget();
  }

  /** Number of different images of an owner so far. */
  count(owner: number): number {
    return this.tuples[owner].count;
  }

  /** Bytes held by the store. */
  get bytes(): number {
    return this.tuples.reduce((sum, t) => sum + t.bytes, this.chunks.bytes);
  }

  /**
   * The id of what the arena holds for this owner now.
   *
   * @throws CheckstopError LEASE_NOT_TOLD when leased pages changed hands and nobody said so
   */
  take(owner: number): number {
    this.sync();
    this.takeLeased(owner);
    const dirty = this.dirty[owner];
    if (dirty.count === 0 && this.held[owner] >= 0) return this.held[owner];
    const current = this.current[owner];
    const addresses = this.addresses[owner];
    for (let i = 0; i < dirty.count; i++) {
      const slot = dirty.slots[i];
      current[slot] = this.chunks.intern(this.arena.i32, addresses[slot] >>> 2);
    }
    dirty.count = 0;
    this.held[owner] = this.tuples[owner].intern(current, 0);
    return this.held[owner];
  }

  /**
   * Appends to `into` what an image has at these byte addresses of granules, two words each; nothing for those that are not
   * its owner's, and NaN for those under a lease that its owner does not hold.
   */
  peek(owner: number, id: number, addresses: Iterable<number>, into: number[]): void {
    const { data, width } = this.tuples[owner];
    for (const address of addresses) {
      const at = Math.floor(address / CHUNK);
      if (this.ownerOf[at] !== owner + 1 && this.ownerOf[at] !== LEASED) continue;
      const chunk = data[id * width + this.slotOf[at]];
      const word = chunk * WORDS + (address % CHUNK) / 4;
      if (chunk === ABSENT) into.push(Number.NaN);
      else into.push(this.chunks.data[word], this.chunks.data[word + 1]);
    }
  }

  /**
   * Makes the arena hold this image, an id that `take` gave for this owner. Of a whole state the shared image comes first:
   * who holds what is under lease stands there.
   */
  put(owner: number, id: number): void {
    this.sync();
    if (this.held[owner] !== id) {
      const { arena } = this;
      const current = this.current[owner];
      const row = id * current.length;
      arena.bypassed();
      this.epoch = arena.epoch;
      for (let slot = this.leased.length; slot < current.length; slot++) {
        const chunk = this.tuples[owner].data[row + slot];
        if (current[slot] === chunk) continue;
        current[slot] = chunk;
        this.copy(chunk, this.addresses[owner][slot]);
      }
      this.dirty[owner].count = 0;
      this.held[owner] = id;
      if (owner === this.shared) for (const lease of arena.leases) lease.follow();
    }
    this.putLeased(owner, id);
  }

  /** What shared images say of agents. */
  roles(): Roles {
    return new Roles(this.arena, this);
  }

  private copy(chunk: number, address: number): void {
    const { i32 } = this.arena;
    // Images of several states put together may say that an agent holds what its own image has not: that is then empty.
    if (chunk === ABSENT) i32.fill(0, address >>> 2, (address + CHUNK) >>> 2);
    else this.chunks.copy(chunk, i32, address >>> 2);
    this.arena.invalidate(address, address + CHUNK);
  }

  /** Whether the chunk in a leased slot is this owner's now. */
  private holds(owner: number, slot: number): boolean {
    const { layout } = this.arena;
    const byte = this.arena.pageOwner(Math.floor((this.leased[slot] - layout.ram) / PAGE));
    return owner === this.shared ? byte === PAGE_OWNER.SHARED : byte === owner + 1;
  }

  /** Brings the leased slots of an owner up to date with the arena. */
  private takeLeased(owner: number): void {
    const { leased, lent, chunks, arena } = this;
    const current = this.current[owner];
    for (const lease of arena.leases) lease.assertTold();
    for (let slot = 0; slot < leased.length; slot++) {
      let chunk = ABSENT;
      if (this.holds(owner, slot)) {
        if (lent[slot] < 0) lent[slot] = chunks.intern(arena.i32, leased[slot] >>> 2);
        chunk = lent[slot];
      }
      if (current[slot] === chunk) continue;
      current[slot] = chunk;
      this.held[owner] = -1;
    }
  }

  private putLeased(owner: number, id: number): void {
    const { leased, lent, arena } = this;
    const current = this.current[owner];
    const { data } = this.tuples[owner];
    for (let slot = 0; slot < leased.length; slot++) {
      const chunk = data[id * current.length + slot];
      current[slot] = chunk;
      if (!this.holds(owner, slot) || (lent[slot] === chunk && chunk !== ABSENT)) continue;
      arena.bypassed();
      this.epoch = arena.epoch;
      lent[slot] = chunk;
      this.copy(chunk, leased[slot]);
    }
  }

  /** Finds out which chunks were written since last time, from the undo log, and empties it. */
  private sync(): void {
    const { arena } = this;
    const { u32, layout } = arena;
    if (arena.epoch !== this.epoch || !arena.logging) this.forget();
    else {
      const top = u32[CELL.logTop];
      if (top === layout.logStart) return;
      for (let at = layout.logStart; at < top; at += LOG_ENTRY) this.note((u32[at >>> 2] / CHUNK) | 0);
    }
    arena.forgetMarks();
    this.epoch = arena.epoch;
  }

  /** A chunk was written. */
  private note(chunk: number): void {
    const slot = this.slotOf[chunk];
    if (this.ownerOf[chunk] === LEASED) this.lent[slot] = -1;
    const owner = this.ownerOf[chunk] - 1;
    if (owner < 0 || owner === LEASED - 1) return;
    const current = this.current[owner];
    if (current[slot] < 0) return;
    current[slot] = -1;
    this.held[owner] = -1;
    const dirty = this.dirty[owner];
    dirty.slots[dirty.count++] = slot;
  }

  /** Anything may have been written around the log. */
  private forget(): void {
    this.held.fill(-1);
    this.lent.fill(-1);
    const first = this.leased.length;
    for (const [owner, { slots }] of this.dirty.entries()) {
      this.current[owner].fill(-1);
      for (let slot = first; slot < slots.length; slot++) slots[slot - first] = slot;
      this.dirty[owner].count = slots.length - first;
    }
  }
}
