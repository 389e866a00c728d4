/** A growing list of 32-bit integers: what tables of the search are made of. */
export class Ints {
  data: Int32Array<ArrayBufferLike>;
  length = 0;

  constructor(capacity = 64) {
    this.data = new Int32Array(capacity);
  }

  push(value: number): void {
    if (this.length === this.data.length) this.data = grown(this.data, this.length + 1);
    this.data[this.length++] = value;
  }

  /** Takes the place of what is there. */
  replace(data: Int32Array<ArrayBufferLike>): void {
    this.data = data.length > 0 ? data : new Int32Array(64);
    this.length = data.length;
  }

  get bytes(): number {
    return this.data.byteLength;
  }
}

/** A copy with at least `needed` elements, at least doubled so that growing stays cheap; new elements are 0. */
export function grown(old: Int32Array<ArrayBufferLike>, needed: number): Int32Array<ArrayBuffer> {
  const next = new Int32Array(Math.max(needed, old.length * 2, 16));
  next.set(old);
  return next;
}
