import { CheckstopError } from '../error.ts';
import type { Arena } from './arena.ts';
import { type Accessor, type Cells, type Fields, type FieldType, GRANULE } from './descriptor.ts';
import { type RecordDeclaration, SHARED_BIT } from './layout.ts';

/** A declared record. Its accessors work once the machine's arena exists, that is from the plugins' ready phase on. */
export class State<F extends Fields> {
  private arena: Arena | undefined;
  private accessors: Accessor<F>[] = [];

  constructor(readonly declaration: RecordDeclaration) {}

  /** The accessor of the shared record, or of agent `agent`'s. */
  at(agent = 0): Accessor<F> {
    const accessor = this.accessors[agent];
    if (!accessor)
      throw new CheckstopError(
        this.arena ? 'STATE_NO_SUCH_AGENT' : 'STATE_TOO_EARLY',
        this.arena
          ? `State '${this.declaration.name}' has no record for agent ${agent}.`
          : `State '${this.declaration.name}' was used before the arena exists; use it in ctx.onReady() or later.`,
      );
    return accessor;
  }

  /** Byte address of a field (of element `index`, when an array) in the arena, for generated code. */
  addressOf(agent: number, field: keyof F & string, index = 0): number {
    return this.base(agent) + (this.declaration.offsets.get(field) ?? 0) + index * GRANULE;
  }

  /** Byte address of the record of an agent (any number for shared records). */
  base(agent: number): number {
    if (!this.arena)
      throw new CheckstopError(
        'STATE_TOO_EARLY',
        `State '${this.declaration.name}' has no address before the arena exists.`,
      );
    const { layout } = this.arena;
    return this.declaration.owner === 'shared'
      ? layout.sharedBlock + this.declaration.blockOffset
      : layout.agentBlocks + agent * layout.agentBlockSize + this.declaration.blockOffset;
  }

  /** Bytes from one agent's record to the next one's. */
  get stride(): number {
    return this.declaration.owner === 'shared' ? 0 : (this.arena?.layout.agentBlockSize ?? 0);
  }

  /** Sets every field back to its initial value. */
  clear(agent = 0): void {
    const ghost = this.declaration.kind === 'ghost';
    const base = this.base(agent);
    const bit = this.declaration.owner === 'shared' ? SHARED_BIT : 1 << agent;
    for (let at = base; at < base + this.declaration.size; at += GRANULE)
      this.arena?.writeGranule(at, 0, 0, ghost, bit);
  }

  /** @internal Called by createMachine when the arena exists. */
  bind(arena: Arena): void {
    this.arena = arena;
    const records = this.declaration.owner === 'shared' ? 1 : arena.layout.agents;
    this.accessors = Array.from({ length: records }, (_, agent) => this.accessor(arena, agent));
  }

  private accessor(arena: Arena, agent: number): Accessor<F> {
    const { fields, offsets, kind, owner } = this.declaration;
    const bit = owner === 'shared' ? SHARED_BIT : 1 << agent;
    const base = this.base(agent);
    const target = {};
    for (const [name, type] of Object.entries(fields)) {
      const at = base + (offsets.get(name) ?? 0);
      if (type.length === undefined) {
        const cell = makeCell(arena, type, at, kind === 'ghost', bit);
        Object.defineProperty(target, name, { enumerable: true, get: cell.get, set: cell.set });
      } else {
        const cells = Array.from({ length: type.length }, (_, i) =>
          makeCell(arena, type.element, at + i * GRANULE, kind === 'ghost', bit),
        );
        const array: Cells<unknown> = {
          length: type.length,
          get: (i) => cells[i].get(),
          set: (i, v) => cells[i].set(v),
        };
        Object.defineProperty(target, name, { enumerable: true, value: array });
      }
    }
    return target as Accessor<F>;
  }
}

interface Cell {
  get(): unknown;
  set(value: unknown): void;
}

function makeCell(arena: Arena, type: FieldType<unknown>, address: number, ghost: boolean, bit: number): Cell {
  const { u32, u64 } = arena;
  const at = address >> 2;
  const write = (lo: number, hi = 0): void => arena.writeGranule(address, lo, hi, ghost, bit);
  const read = (): number => {
    arena.touchRead(bit);
    return u32[at];
  };
  switch (type.kind) {
    case 'number':
      return { get: read, set: (v) => write(v as number) };
    case 'agent':
      return { get: () => read() - 1, set: (v) => write((v as number) + 1) };
    case 'boolean':
      return { get: () => read() !== 0, set: (v) => write(v ? 1 : 0) };
    case 'enum': {
      const labels = type.labels ?? [];
      return {
        get: () => labels[read()],
        set: (v) => {
          const index = labels.indexOf(v as string);
          if (index < 0) throw new CheckstopError('STATE_BAD_VALUE', `'${String(v)}' is none of ${labels.join(', ')}.`);
          write(index);
        },
      };
    }
    case 'bigint':
      return {
        get: () => {
          arena.touchRead(bit);
          return u64[address >> 3];
        },
        set: (v) => write(Number((v as bigint) & 0xffff_ffffn), Number(((v as bigint) >> 32n) & 0xffff_ffffn)),
      };
  }
}
