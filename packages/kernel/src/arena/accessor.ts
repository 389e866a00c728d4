import { CheckstopError } from '../error.ts';
import type { Arena } from './arena.ts';
import { type Codec, codecOf } from './codec.ts';
import { type Cells, GRANULE } from './descriptor.ts';
import type { RecordDeclaration } from './layout.ts';

/** Index of the first 32-bit cell of the record. Symbols, because every string may be the name of a field. */
const FIRST = Symbol('first cell');
/** Whose state it is, as bits in touched masks. */
const BITS = Symbol('owner bits');

/** What reading and writing a record adds to the touched masks; shared by the accessors of a record, and may change. */
export interface OwnerBits {
  read: number;
  write: number;
}

/**
 * Makes the maker of a record's accessors. Getters and setters sit on one prototype for all agents, so that a place in
 * the code which works on any agent's record sees one shape of object and stays fast.
 */
export function accessorsOf(arena: Arena, { name, fields, offsets, kind }: RecordDeclaration) {
  const ghost = kind === 'ghost';
  class RecordAccessor {
    readonly [FIRST]: number;
    readonly [BITS]: OwnerBits;
    constructor(first: number, bits: OwnerBits) {
      this[FIRST] = first;
      this[BITS] = bits;
      for (const { key, codec, cell, length } of arrays)
        Object.defineProperty(this, key, {
          value: new Elements(arena, codec, first + cell, length, ghost, bits, `${name}.${key}`),
        });
    }
  }
  const arrays: { key: string; codec: Codec; cell: number; length: number }[] = [];
  for (const [key, type] of Object.entries(fields)) {
    const cell = (offsets.get(key) ?? 0) / 4;
    const codec = codecOf(arena, type.length === undefined ? type : type.element, `${name}.${key}`);
    if (type.length !== undefined) arrays.push({ key, codec, cell, length: type.length });
    else
      Object.defineProperty(RecordAccessor.prototype, key, {
        get(this: RecordAccessor) {
          arena.touchRead(this[BITS].read, 4 * (this[FIRST] + cell));
          return codec.read(this[FIRST] + cell);
        },
        set(this: RecordAccessor, value: unknown) {
          codec.write(this[FIRST] + cell, value, ghost, this[BITS].write);
        },
      });
  }
  return (first: number, bits: OwnerBits): object => new RecordAccessor(first, bits);
}

class Elements implements Cells<unknown> {
  constructor(
    private readonly arena: Arena,
    private readonly codec: Codec,
    private readonly first: number,
    readonly length: number,
    private readonly ghost: boolean,
    private readonly bits: OwnerBits,
    private readonly name: string,
  ) {}

  get(index: number): unknown {
    const cell = this.cell(index);
    this.arena.touchRead(this.bits.read, 4 * cell);
    return this.codec.read(cell);
  }

  set(index: number, value: unknown): void {
    this.codec.write(this.cell(index), value, this.ghost, this.bits.write);
  }

  private cell(index: number): number {
    if (index < 0 || index >= this.length || !Number.isInteger(index))
      throw new CheckstopError(
        'STATE_NO_SUCH_ELEMENT',
        `'${this.name}' has no element ${index}; there are ${this.length}.`,
      );
    return this.first + index * (GRANULE / 4);
  }
}
