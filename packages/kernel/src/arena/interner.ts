/**
 * Interns rows of `width` 32-bit words: equal rows get equal ids, counted from 0. Exact: rows are compared word by word, the hash only finds them.
 */
export class Interner {
  /** The rows one after another; another array after each growth. */
  data: Int32Array;
  private table: Int32Array;
  private mask: number;
  /** Rows so far. */
  count = 0;

  constructor(readonly width: number) {
    this.data = new Int32Array(width * 64);
    this.table = new Int32Array(256);
    this.mask = 255;
  }

  /** Bytes held. */
  get bytes(): number {
    return this.data.byteLength + this.table.byteLength;
  }

  /** The id of the row at `words[at...]`. */
  intern(words: Int32Array, at: number): number {
    const { width } = this;
    let slot = hashRow(words, at, width) & this.mask;
    for (let id = this.table[slot]; id !== 0; id = this.table[slot]) {
      if (this.equals((id - 1) * width, words, at)) return id - 1;
      slot = (slot + 1) & this.mask;
    }
    return this.insert(slot, words, at);
  }

  /** Copies row `id` to `target[at...]`. */
  copy(id: number, target: Int32Array, at: number): void {
    const { data, width } = this;
    const base = id * width;
    for (let i = 0; i < width; i++) target[at + i] = data[base + i];
  }

  private equals(base: number, words: Int32Array, at: number): boolean {
    const { data, width } = this;
    for (let i = 0; i < width; i++) if (data[base + i] !== words[at + i]) return false;
    return true;
  }

  private insert(slot: number, words: Int32Array, at: number): number {
    const id = this.count++;
    const base = id * this.width;
    if (base + this.width > this.data.length) {
      const grown = new Int32Array(this.data.length * 2);
      grown.set(this.data);
      this.data = grown;
    }
    for (let i = 0; i < this.width; i++) this.data[base + i] = words[at + i];
    this.table[slot] = id + 1;
    if (this.count * 2 > this.mask) this.rehash();
    return id;
  }

  private rehash(): void {
    this.mask = this.mask * 2 + 1;
    this.table = new Int32Array(this.mask + 1);
    for (let id = 0; id < this.count; id++) {
      let slot = hashRow(this.data, id * this.width, this.width) & this.mask;
      while (this.table[slot] !== 0) slot = (slot + 1) & this.mask;
      this.table[slot] = id + 1;
    }
  }
}

/** Two chains over the even and the odd words, which the processor can run side by side. */
function hashRow(words: Int32Array, at: number, width: number): number {
  let x = 0x9e3779b1 | 0;
  let y = 0x27d4eb2f | 0;
  for (let i = 0; i < width; i += 2) {
    x = Math.imul(x ^ words[at + i], 0x85ebca6b);
    x ^= x >>> 13;
    y = Math.imul(y ^ (i + 1 < width ? words[at + i + 1] : 0), 0xc2b2ae35);
    y ^= y >>> 15;
  }
  x = Math.imul(x ^ (y >>> 1) ^ y, 0xc2b2ae35);
  return x ^ (x >>> 16);
}
