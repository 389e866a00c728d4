import type { Arena } from './arena.ts';
import { Interner } from './interner.ts';
import { CHUNK, CONTROL, LOG_ENTRY, PAGE, PAGE_OWNER } from './layout.ts';

const WORDS = CHUNK / 4;
const LOG_TOP = CONTROL.LOG_TOP >> 2;

/**
 * Images per owner: what an explorer stores of a state. Owners are the agents 0..n-1 and n for what they share; an image is the contents of the owner's records and pages.
 *
 * Contents are interned by chunk and compared exactly, so two ids of one owner are equal if and only if the images are. Taking an image re-interns only the chunks written since the last one was taken or put
 * (the undo log says which); putting one copies only the chunks that differ from what the arena holds.
 */
export class Images {
  private readonly chunks = new Interner(WORDS);
  private readonly tuples: Interner[] = [];
  /** Per owner: byte address of each chunk. */
  private readonly addresses: Int32Array[] = [];
  /** Per owner: the interned chunk that the arena holds in each slot, -1 when written since. */
  private readonly current: Int32Array[] = [];
  private readonly dirty: { slots: Int32Array; count: number }[] = [];
  /** Per owner: the id that the arena holds, -1 when unknown. */
  private readonly held: Int32Array;
  /** Chunk number (address / CHUNK) to owner + 1 (0 = none) and slot. */
  private readonly ownerOf: Uint8Array;
  private readonly slotOf: Int32Array;
  private readonly shared: number;

  constructor(private readonly arena: Arena) {
    const { layout, u8 } = arena;
    this.shared = layout.agents;
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
      this.addresses.push(Int32Array.from(list));
      this.current.push(new Int32Array(list.length).fill(-1));
      this.dirty.push({ slots: Int32Array.from(list.keys()), count: list.length });
      this.tuples.push(new Interner(Math.max(1, list.length)));
    }
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
      current[slot] = this.chunks.intern(this.arena.i32, addresses[slot] >> 2);
    }
    dirty.count = 0;
    this.held[owner] = this.tuples[owner].intern(current, 0);
    return this.held[owner];
  }

  /** Makes the arena hold this image. The incremental hash is not kept: images are for exploring, where states are compared whole. */
  put(owner: number, id: number): void {
    this.sync();
    if (this.held[owner] === id) return;
    const { i32 } = this.arena;
    const current = this.current[owner];
    const addresses = this.addresses[owner];
    const { rows, base } = this.tuples[owner].row(id);
    const chunkRows = this.chunks;
    for (let slot = 0; slot < current.length; slot++) {
      const chunk = rows[base + slot];
      if (current[slot] === chunk) continue;
      current[slot] = chunk;
      chunkRows.copy(chunk, i32, addresses[slot] >> 2);
      this.arena.invalidate(addresses[slot], addresses[slot] + CHUNK);
    }
    this.dirty[owner].count = 0;
    this.held[owner] = id;
  }

  /** Reads the undo log since last time: which chunks were written? Then empties it. */
  private sync(): void {
    const { u32, i32, layout } = this.arena;
    const top = u32[LOG_TOP];
    if (top === layout.logStart) return;
    for (let at = layout.logStart; at < top; at += LOG_ENTRY) {
      const chunk = (i32[at >> 2] / CHUNK) | 0;
      const owner = this.ownerOf[chunk] - 1;
      if (owner < 0) continue;
      const slot = this.slotOf[chunk];
      if (this.current[owner][slot] < 0) continue;
      this.current[owner][slot] = -1;
      this.held[owner] = -1;
      const dirty = this.dirty[owner];
      dirty.slots[dirty.count++] = slot;
    }
    u32[LOG_TOP] = layout.logStart;
  }
}
