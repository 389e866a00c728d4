/** The bytes of an assembled source, written at offsets. */
export class Output {
  readonly bytes: Uint8Array;
  private readonly view: DataView;

  constructor(size: number) {
    this.bytes = new Uint8Array(size);
    this.view = new DataView(this.bytes.buffer);
  }

  /** Writes the low bits of a value. */
  integer(offset: number, value: bigint, size: 1 | 2 | 4 | 8, littleEndian: boolean): void {
    for (let index = 0; index < size; index += 1) {
      const byte = Number((value >> BigInt(8 * index)) & 0xffn);
      this.view.setUint8(offset + (littleEndian ? index : size - 1 - index), byte);
    }
  }

  /** Writes an instruction word. */
  word(offset: number, value: number, littleEndian: boolean): void {
    this.view.setUint32(offset, value, littleEndian);
  }

  /** All whole words. */
  words(littleEndian: boolean): number[] {
    return Array.from({ length: this.bytes.length >> 2 }, (_, index) => this.view.getUint32(4 * index, littleEndian));
  }
}
