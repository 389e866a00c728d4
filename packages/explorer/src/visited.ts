import type { Archive } from './archive.ts';
import { grown } from './ints.ts';

const MIN_SLOTS = 1024;

/**
 * The visited set: rows of `width` integers, each stored once and compared exactly (never by hash alone), numbered in
 * the order of their arrival. Open addressing over one Int32Array; adding allocates nothing but when the table grows.
 */
export class StateTable {
  count = 0;
  /** Whether the last `add` met the row for the first time. */
  added = false;
  private rows: Int32Array<ArrayBufferLike>;
  private slots = new Int32Array(MIN_SLOTS);

  constructor(readonly width: number) {
    this.rows = new Int32Array(width * MIN_SLOTS);
  }

  /** The number of `row`, which is stored if it is new (`added` says so). */
  add(row: Int32Array): number {
    if (this.count * 2 >= this.slots.length) this.rehash();
    const slot = this.slotOf(row);
    const found = this.slots[slot];
    this.added = found === 0;
    if (found !== 0) return found - 1;
    const { width, count } = this;
    const start = count * width;
    if (start + width > this.rows.length) this.rows = grown(this.rows, start + width);
    for (let i = 0; i < width; i++) this.rows[start + i] = row[i];
    this.slots[slot] = count + 1;
    return this.count++;
  }

  /** The number of `row`, or -1. */
  find(row: Int32Array): number {
    return this.slots[this.slotOf(row)] - 1;
  }

  /** Copies row `index` into `into`. */
  read(index: number, into: Int32Array): void {
    const { width, rows } = this;
    const start = index * width;
    for (let i = 0; i < width; i++) into[i] = rows[start + i];
  }

  /** The first `count` rows. */
  archive(a: Archive, count: number): void {
    const { width } = this;
    const rows = a.int32s(this.rows, count * width);
    if (!a.reading) return;
    a.demand(rows.length % width === 0);
    let size = MIN_SLOTS;
    while (size * width <= rows.length * 2) size *= 2;
    a.spend(4 * size);
    this.rows = rows;
    this.slots = new Int32Array(size);
    this.count = 0;
    for (let start = 0; start < rows.length; start += width) {
      const slot = this.slotOf(rows.subarray(start, start + width));
      a.demand(this.slots[slot] === 0);
      this.slots[slot] = ++this.count;
    }
  }

  get bytes(): number {
    return this.rows.byteLength + this.slots.byteLength;
  }

  private slotOf(row: Int32Array): number {
    const { width, rows, slots } = this;
    const mask = slots.length - 1;
    let slot = hash(row, 0, width) & mask;
    for (;;) {
      const found = slots[slot];
      if (found === 0) return slot;
      const start = (found - 1) * width;
      let i = 0;
      while (i < width && rows[start + i] === row[i]) i++;
      if (i === width) return slot;
      slot = (slot + 1) & mask;
    }
  }

  private rehash(): void {
    const slots = new Int32Array(this.slots.length * 2);
    const mask = slots.length - 1;
    for (let index = 0; index < this.count; index++) {
      let slot = hash(this.rows, index * this.width, this.width) & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = index + 1;
    }
    this.slots = slots;
  }
}

function hash(values: Int32Array, start: number, width: number): number {
  let h = 0x9e3779b9;
  for (let i = 0; i < width; i++) {
    h = Math.imul(h ^ values[start + i], 0x85ebca6b);
    h ^= h >>> 15;
  }
  h = Math.imul(h, 0xc2b2ae35);
  return h ^ (h >>> 16);
}
