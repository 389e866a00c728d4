import { CheckstopError } from '@checkstop/kernel';
import type { Ints } from './ints.ts';

/** What a number may be at most, where nothing bounds it closer. */
const MOST = Number.MAX_SAFE_INTEGER;

/** Bytes of a saved search at most. */
export const LARGEST_SAVE = 2 ** 31;

/** Bytes of memory that an item of a list takes, roughly. */
const ITEM_BYTES = 64;

/**
 * The contents of a saved search, being written or being read: each part of the search walks through its own state once,
 * in one method for both, so that what is read cannot drift from what is written.
 *
 * ```ts
 * archive(a: Archive): void {
 *   this.depth = a.number(this.depth);
 *   a.ints(this.parent, { high: this.count });
 * }
 * ```
 *
 * Numbers are LEB128. Whoever reads says between which bounds each has to lie, and every item of a list takes at least one
 * byte: what was not written by this, whatever it is, ends in SAVE_DAMAGED before much memory is taken, and what passes
 * indexes nothing that is not there.
 */
export class Archive {
  /** Whether values come from the archive; else they go into it. */
  readonly reading: boolean;
  private bytes: Uint8Array;
  private at: number;

  /** Reads `bytes` from `at` on, making no more of them than so many bytes of memory; writes without. */
  constructor(
    bytes?: Uint8Array,
    at = 0,
    private budget = MOST,
  ) {
    this.reading = bytes !== undefined;
    this.bytes = bytes ?? new Uint8Array(2 ** 16);
    this.at = at;
  }

  /** What was written. */
  get written(): Uint8Array {
    return this.bytes.subarray(0, this.at);
  }

  /** Bytes left to be read. */
  get left(): number {
    return this.bytes.length - this.at;
  }

  /** A whole number from `low` to `high`, both included. When reading `value` does not matter. */
  number(value: number, { low = 0, high = MOST }: { low?: number; high?: number } = {}): number {
    if (!this.reading) {
      this.put(value - low);
      return value;
    }
    const read = this.take() + low;
    this.demand(read <= high);
    return read;
  }

  flag(value: boolean): boolean {
    return this.number(value ? 1 : 0, { high: 1 }) === 1;
  }

  /** A text, of at most so many bytes of UTF-8. */
  text(value: string, most = MOST): string {
    const bytes = this.reading ? undefined : new TextEncoder().encode(value);
    const length = this.length(bytes?.length ?? 0);
    this.demand(length <= most);
    this.spend(2 * length);
    if (bytes) {
      this.reserve(length);
      this.bytes.set(bytes, this.at);
    }
    this.at += length;
    return bytes ? value : new TextDecoder().decode(this.bytes.subarray(this.at - length, this.at));
  }

  /** A list of anything, of at most so many items: `each` archives one, which is undefined when reading. */
  list<T>(items: Iterable<T>, each: (item: T | undefined) => T, most = MOST): T[] {
    const from = this.reading ? [] : [...items];
    const length = this.length(from.length);
    this.demand(length <= most);
    const made: T[] = [];
    for (let i = 0; i < length; i++) {
      this.spend(ITEM_BYTES);
      made.push(each(from[i]));
    }
    return made;
  }

  /** Numbers, at most so many, each from `low` to `high`, both included. */
  numbers(items: readonly number[], bounds: { low?: number; high?: number } = {}, most = MOST): number[] {
    return this.list(items, (item = 0) => this.number(item, bounds), most);
  }

  /** The first `count` integers of an array, each from `low` to `high`; another one when reading. */
  int32s(data: Int32Array, count: number, { low = 0, high = 2 ** 31 - 1 } = {}): Int32Array<ArrayBufferLike> {
    const length = this.length(count);
    if (!this.reading) {
      for (let i = 0; i < length; i++) this.put(data[i] - low);
      return data;
    }
    this.spend(4 * length);
    const read = new Int32Array(length);
    for (let i = 0; i < length; i++) {
      const value = this.take() + low;
      this.demand(value <= high);
      read[i] = value;
    }
    return read;
  }

  /** The first `count` of a growing list, each from `low` to `high`. */
  ints(list: Ints, bounds: { low?: number; high?: number } = {}, count = list.length): void {
    const read = this.int32s(list.data, count, bounds);
    if (this.reading) list.replace(read);
  }

  /** The same of numbers that never fall: where parts of another list begin, say. */
  rising(list: Ints, { low = 0, high = 2 ** 31 - 1 } = {}, count = list.length): void {
    const length = this.length(count);
    this.spend(4 * length);
    const data = this.reading ? new Int32Array(length) : list.data;
    let last = low;
    for (let i = 0; i < length; i++) {
      if (this.reading) {
        const value = last + this.take();
        this.demand(value <= high);
        data[i] = value;
      } else this.put(data[i] - last);
      last = data[i];
    }
    if (this.reading) list.replace(data);
  }

  /** @throws CheckstopError SAVE_DAMAGED unless `holds` */
  demand(holds: boolean): void {
    if (!holds) throw damaged();
  }

  /** @throws CheckstopError SAVE_DAMAGED if anything is left */
  end(): void {
    this.demand(this.left === 0);
  }

  /** How many items follow; each takes at least a byte. */
  private length(count: number): number {
    const length = this.number(count);
    this.demand(!this.reading || length <= this.left);
    return length;
  }

  /**
   * What is about to be made takes so much memory, when reading.
   *
   * @throws CheckstopError SAVE_TOO_LARGE when that is more than is left
   */
  spend(bytes: number): void {
    if (this.reading) this.budget -= bytes;
    if (this.budget >= 0) return;
    throw new CheckstopError(
      'SAVE_TOO_LARGE',
      'The saved search takes more memory than the limits allow; raise the limit of bytes (--max-memory) at least to what it was.',
    );
  }

  private put(value: number): void {
    let rest = value;
    this.reserve(8);
    for (; rest >= 0x80; rest = rest > 0x7fff_ffff ? Math.floor(rest / 0x80) : rest >>> 7)
      this.bytes[this.at++] = (rest % 0x80) | 0x80;
    this.bytes[this.at++] = rest;
  }

  private take(): number {
    const { bytes } = this;
    let value = 0;
    for (let unit = 1; ; unit *= 0x80) {
      // Not a number where the bytes end.
      const byte = bytes[this.at++];
      value += (byte & 0x7f) * unit;
      if (byte < 0x80) break;
      this.demand(unit < 2 ** 49 && byte !== undefined);
    }
    this.demand(value <= MOST);
    return value;
  }

  private reserve(more: number): void {
    if (this.at + more <= this.bytes.length) return;
    if (this.at + more > LARGEST_SAVE)
      throw new CheckstopError(
        'SAVE_TOO_LARGE',
        'The search is too large to be saved: that would take more than 2 GiB.',
      );
    const wider = new Uint8Array(Math.min(LARGEST_SAVE, Math.max(this.at + more, this.bytes.length * 2)));
    wider.set(this.bytes);
    this.bytes = wider;
  }
}

/** The error for a file that nothing can be made of; `cause` itself, if that says already what is wrong. */
export const damaged = (cause?: unknown): CheckstopError =>
  cause instanceof CheckstopError
    ? cause
    : new CheckstopError(
        'SAVE_DAMAGED',
        'The saved search is damaged, or steps do something else now than when it was saved: begin the search again.',
        {},
        { cause },
      );
