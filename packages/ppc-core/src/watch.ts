import { type Arena, type Bus, CheckstopError, type Dispose, PAGE } from '@checkstop/kernel';
import { WATCH, WATCH_ENTRIES } from './interpreter/plan.ts';

/** An address range of RAM to be told of: `end` is the first address behind it. */
export interface WatchRange {
  readonly kind: keyof typeof WATCH;
  readonly start: number;
  readonly end: number;
}

const KINDS = Object.keys(WATCH) as (keyof typeof WATCH)[];

/** The ranges that are watched, and the table by which generated code finds out that a page has any. */
export class Watches {
  private readonly ranges = new Set<WatchRange>();

  constructor(
    private readonly arena: Arena,
    private readonly bus: Bus,
    private readonly table: number,
  ) {}

  /** Watches a range until disposed. */
  add(range: WatchRange): Dispose {
    const { kind, start, end } = range;
    if (!(KINDS.includes(kind) && start >= 0 && start < end && end <= this.arena.layout.ramSize)) {
      throw new CheckstopError(
        'WATCH_BAD_RANGE',
        `Cannot watch ${kind} from ${start} to ${end}: give a kind of ${KINDS.join(', ')} and a range within the ${this.arena.layout.ramSize} bytes of RAM.`,
        { kind, start, end },
      );
    }
    const own = { ...range };
    this.ranges.add(own);
    this.rebuild();
    // Steps that were taken unheard would now be heard.
    this.arena.changedItsWays();
    return () => {
      this.ranges.delete(own);
      this.rebuild();
      this.arena.changedItsWays();
    };
  }

  /** Called by generated code for an access to a page with a range of its kind, or to one that shares the table's byte. */
  access(agent: number, bit: number, address: number, size: number): void {
    for (const { kind, start, end } of this.ranges) {
      if (WATCH[kind] !== bit || address >= end || address + size <= start) continue;
      if (this.bus.listened(kind)) this.bus.emit(kind, { agent, address, size });
      return;
    }
  }

  private rebuild(): void {
    const { u8 } = this.arena;
    u8.fill(0, this.table, this.table + WATCH_ENTRIES);
    for (const { kind, start, end } of this.ranges) {
      const last = Math.floor((end - 1) / PAGE);
      for (let page = Math.floor(start / PAGE); page <= last; page++) {
        u8[this.table + (page % WATCH_ENTRIES)] |= WATCH[kind];
      }
    }
  }
}
