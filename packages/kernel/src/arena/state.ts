import { CheckstopError } from '../error.ts';
import { accessorsOf, type OwnerBits } from './accessor.ts';
import type { Arena } from './arena.ts';
import { type Accessor, type Fields, GRANULE } from './descriptor.ts';
import { FROZEN_BIT, type RecordDeclaration, SHARED_BIT } from './layout.ts';

/** A declared record. Its accessors work once the machine's arena exists, that is from the plugins' ready phase on. */
export class State<F extends Fields> {
  private arena: Arena | undefined;
  private accessors: Accessor<F>[] = [];
  private readonly bits: OwnerBits[] = [];
  /** Somebody has its address, and may read and write it in other ways than through accessors. */
  private isAddressed = false;

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

  /** Byte address of a field (of element `index`, when an array) in the arena, for generated code; see {@link base}. */
  addressOf(agent: number, field: keyof F & string, index = 0): number {
    return this.base(agent) + (this.declaration.offsets.get(field) ?? 0) + index * GRANULE;
  }

  /**
   * Byte address of the record of an agent (any number for shared records), for generated code, which notes itself whose
   * state it touches. It may write where accessors do not see it, so a record whose address was asked for is never taken
   * for constant.
   */
  base(agent: number): number {
    this.isAddressed = true;
    this.freeze(false);
    return this.start(agent);
  }

  /** Whether the byte addresses from `start` to `end` (exclusive) touch the shared record, or that of any agent. */
  overlaps(start: number, end: number): boolean {
    const { size } = this.declaration;
    return this.accessors.some((_, agent) => start < this.start(agent) + size && this.start(agent) < end);
  }

  private start(agent: number): number {
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
    const base = this.start(agent);
    const { write } = this.bits[this.declaration.owner === 'shared' ? 0 : agent];
    for (let at = base; at < base + this.declaration.size; at += GRANULE)
      this.arena?.writeGranule(at, 0, 0, ghost, write);
  }

  /** @internal A shared record counts as constant from now on, or no more: reading it concerns nobody, writing it is a conflict. */
  freeze(frozen: boolean): void {
    if (this.declaration.owner !== 'shared' || !this.arena) return;
    const isConstant = frozen && !this.isAddressed;
    Object.assign(this.bits[0], isConstant ? { read: 0, write: FROZEN_BIT } : { read: SHARED_BIT, write: SHARED_BIT });
  }

  /** @internal Whether the record counts as constant. */
  get isConstant(): boolean {
    return this.bits[0]?.write === FROZEN_BIT;
  }

  /** @internal Called by createMachine when the arena exists. */
  bind(arena: Arena): void {
    this.arena = arena;
    const shared = this.declaration.owner === 'shared';
    const make = accessorsOf(arena, this.declaration);
    this.accessors = Array.from({ length: shared ? 1 : arena.layout.agents }, (_, agent) => {
      const bit = shared ? SHARED_BIT : 1 << agent;
      this.bits[agent] = { read: bit, write: bit };
      return make(this.start(agent) / 4, this.bits[agent]);
    }) as Accessor<F>[];
    if (shared) arena.freezable.push(this);
  }
}
