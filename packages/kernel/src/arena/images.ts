import type { Arena } from './arena.ts';
import { Interner } from './interner.ts';
import { CELL, CHUNK, LOG_ENTRY, PAGE, PAGE_OWNER } from './layout.ts';

const WORDS = CHUNK / 4;

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
    for (let owner = 0; owner <= layout.agents; owner++) {
      const list: number[] = [];
      const block = owner === this.shared ? layout.sharedBlock : layout.agentBlocks + owner * layout.agentBlockSize;
      const size = owner === this.shared ? layout.sharedBlockSize : layout.agentBlockSize;
      for (let at = block; at < block + size; at += CHUNK) list.push(at);
      const byte = owner === this.shared ? PAGE_OWNER.SHARED : owner + 1;
      for (let page = 0; page < layout.ramSize / PAGE; page++)
        if (u8[layout.pageOwners + page] === byte)
          for (let at = layout.ram + page * PAGE; at < layout.ram + (page + 1) * PAGE; at += CHUNK) list.push(at);
      for (const [slot, at] of list.entries()) {
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

  /** The id of what the arena holds for this owner now. */
  take(owner: number): number {
    this.sync();
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

  /** Makes the arena hold this image, an id that `take` gave for this owner. */
  put(owner: number, id: number): void {
    this.sync();
    if (this.held[owner] === id) return;
    const { arena, chunks } = this;
    const current = this.current[owner];
    const addresses = this.addresses[owner];
    const { data } = this.tuples[owner];
    const row = id * current.length;
    arena.bypassed();
    this.epoch = arena.epoch;
    for (let slot = 0; slot < current.length; slot++) {
      const chunk = data[row + slot];
      if (current[slot] === chunk) continue;
      current[slot] = chunk;
      chunks.copy(chunk, arena.i32, addresses[slot] >>> 2);
      arena.invalidate(addresses[slot], addresses[slot] + CHUNK);
    }
    this.dirty[owner].count = 0;
    this.held[owner] = id;
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
    const owner = this.ownerOf[chunk] - 1;
    if (owner < 0) return;
    const slot = this.slotOf[chunk];
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
    for (const [owner, { slots }] of this.dirty.entries()) {
      this.current[owner].fill(-1);
      for (let slot = 0; slot < slots.length; slot++) slots[slot] = slot;
      this.dirty[owner].count = slots.length;
    }
  }
}
