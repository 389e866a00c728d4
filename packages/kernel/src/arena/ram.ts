import { CheckstopError } from '../error.ts';
import type { Arena } from './arena.ts';
import { GRANULE } from './descriptor.ts';

/** Byte order of an access. */
export type ByteOrder = 'big' | 'little';

/**
 * The machine's memory, byte-addressed from 0. Reads and writes go through the arena's log, hash and footprint like any state.
 */
export class Ram {
  private readonly view: DataView;
  private readonly observers: ((address: number, length: number) => void)[] = [];

  constructor(private readonly arena: Arena) {
    this.view = new DataView(arena.memory.buffer, arena.layout.ram, arena.layout.ramSize);
  }

  /** Bytes of memory. */
  get size(): number {
    return this.arena.layout.ramSize;
  }

  /** Whether `length` bytes at `address` exist. */
  holds(address: number, length: number): boolean {
    return Number.isInteger(address) && address >= 0 && length >= 0 && address + length <= this.size;
  }

  /** Told of every write through this object (not of guest stores): processors lose reservations by it. */
  onWrite(observer: (address: number, length: number) => void): void {
    this.observers.push(observer);
  }

  /** Reads 4 bytes as an unsigned number. */
  readU32(address: number, order: ByteOrder): number {
    this.reading(address, 4);
    return this.view.getUint32(address, order === 'little');
  }

  /** Reads 8 bytes as an unsigned bigint. */
  readU64(address: number, order: ByteOrder): bigint {
    this.reading(address, 8);
    return this.view.getBigUint64(address, order === 'little');
  }

  /** Copies bytes out. */
  readBytes(address: number, length: number): Uint8Array {
    this.reading(address, length);
    return this.arena.u8.slice(this.arena.layout.ram + address, this.arena.layout.ram + address + length);
  }

  /** Writes 4 bytes. */
  writeU32(address: number, value: number, order: ByteOrder): void {
    const bytes = new Uint8Array(4);
    new DataView(bytes.buffer).setUint32(0, value, order === 'little');
    this.writeBytes(address, bytes);
  }

  /** Writes 8 bytes. */
  writeU64(address: number, value: bigint, order: ByteOrder): void {
    const bytes = new Uint8Array(8);
    new DataView(bytes.buffer).setBigUint64(0, value, order === 'little');
    this.writeBytes(address, bytes);
  }

  /** Copies bytes in, granule by granule. */
  writeBytes(address: number, bytes: Uint8Array): void {
    this.check(address, bytes.length);
    const { arena } = this;
    arena.touchRam(address, bytes.length, true);
    const { u8, layout } = arena;
    const granule = new Uint8Array(GRANULE);
    const halves = new Int32Array(granule.buffer);
    const end = address + bytes.length;
    for (let at = address; at < end; ) {
      const inside = at % GRANULE;
      const count = Math.min(GRANULE - inside, end - at);
      const target = layout.ram + at - inside;
      granule.set(u8.subarray(target, target + GRANULE));
      granule.set(bytes.subarray(at - address, at - address + count), inside);
      arena.writeGranule(target, halves[0], halves[1], false, 0);
      at += count;
    }
    for (const observer of this.observers) observer(address, bytes.length);
  }

  private reading(address: number, length: number): void {
    this.check(address, length);
    this.arena.touchRam(address, length, false);
  }

  private check(address: number, length: number): void {
    if (!this.holds(address, length))
      throw new CheckstopError(
        'ARENA_OUT_OF_RANGE',
        `${length} bytes at 0x${address.toString(16)} lie outside the ${this.size} bytes of RAM.`,
        { address, length, size: this.size },
      );
  }
}
