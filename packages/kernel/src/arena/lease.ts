import { CheckstopError } from '../error.ts';
import { CELL, PAGE, PAGE_OWNER, SHARED_BIT } from './layout.ts';

/** What is leased, and who has it. */
export interface LeaseTerms {
  /** Byte addresses in RAM; the whole pages between them are leased. */
  readonly start: number;
  readonly end: number;
  /** The agent that has the pages now, or -1 for nobody; a function of shared state. */
  holder(): number;
}

/** The parts of an arena that a lease needs. */
interface Pages {
  readonly i32: Int32Array;
  readonly u8: Uint8Array;
  readonly layout: { readonly pageOwners: number };
  unseen<T>(look: () => T): T;
}

/**
 * Pages of RAM that are one agent's own for a while: a buffer that is filled for it, say, until it hands the buffer back.
 * While an agent holds them they count as private to it, so what it does there concerns nobody else; when nobody holds
 * them they are shared. Footprints and images follow. A promise, not a protection: whoever else touches the pages then
 * shows up as a conflict in the footprint, as with any private page.
 */
export class Lease {
  readonly firstPage: number;
  readonly endPage: number;
  /** Whether footprints go by it; an explorer turns it on, and off again when the promise was broken. */
  private honoured = false;

  constructor(
    private readonly arena: Pages,
    private readonly terms: LeaseTerms,
  ) {
    this.firstPage = Math.ceil(terms.start / PAGE);
    this.endPage = Math.max(this.firstPage, Math.floor(terms.end / PAGE));
  }

  /** Whether footprints go by the lease, and this agent holds it: then nobody else has touched the pages since. */
  heldBy(agent: number): boolean {
    return this.honoured && this.owner === agent + 1;
  }

  /** Says that the holder has changed. Part of the step that changed it, in which old and new holder count as touched. */
  changeHands(): void {
    if (!this.honoured) return;
    const { i32 } = this.arena;
    i32[CELL.write] |= bitOf(this.owner);
    this.follow();
    i32[CELL.write] |= bitOf(this.owner);
  }

  /** @internal Whether a page is leased, and footprints go by that. */
  covers(page: number): boolean {
    return this.honoured && page >= this.firstPage && page < this.endPage;
  }

  /** @internal From now on footprints go by the lease, or no more: then the pages are shared. */
  honour(on: boolean): void {
    if (!on && this.honoured) this.setOwner(PAGE_OWNER.SHARED);
    this.honoured = on;
    this.follow();
  }

  /** @internal Makes the pages' owner follow the holder, after state was put back. */
  follow(): void {
    if (this.honoured) this.setOwner(this.ownerByTerms());
  }

  /**
   * @internal Footprints since the holder changed are wrong if nobody said that it did, and so would be every verdict.
   *
   * @throws CheckstopError LEASE_NOT_TOLD
   */
  assertTold(): void {
    if (!this.honoured || this.owner === this.ownerByTerms()) return;
    const { start, end } = this.terms;
    throw new CheckstopError(
      'LEASE_NOT_TOLD',
      `The pages from 0x${start.toString(16)} to 0x${end.toString(16)} of RAM are leased, and another agent holds them than before; call changeHands() of the lease in the step that changes the holder.`,
      { start, end },
    );
  }

  private ownerByTerms(): number {
    const holder = this.arena.unseen(() => this.terms.holder());
    return holder < 0 ? PAGE_OWNER.SHARED : holder + 1;
  }

  private get owner(): number {
    return this.arena.u8[this.arena.layout.pageOwners + this.firstPage];
  }

  private setOwner(owner: number): void {
    const { pageOwners } = this.arena.layout;
    this.arena.u8.fill(owner, pageOwners + this.firstPage, pageOwners + this.endPage);
  }
}

const bitOf = (owner: number): number => (owner === PAGE_OWNER.SHARED ? SHARED_BIT : 1 << (owner - 1));
