import { CheckstopError } from '../error.ts';
import { mixA, mixB } from './hash.ts';
import { CELL, type Layout, LOG_ENTRY } from './layout.ts';

/** A point in the undo log, good for the arena that made it. */
export interface Mark {
  readonly top: number;
}

/**
 * The undo log: entries of {@link LOG_ENTRY} bytes in the arena's own memory, so that generated WebAssembly appends to it too.
 */
export class UndoLog {
  /** The marks that can still be undone to, outermost first; no two of one point, so the log bounds them. */
  private readonly marks: Mark[] = [];
  /** Grows whenever the log is emptied: whoever reads it sees that entries were missed. */
  epoch = 0;

  constructor(
    private readonly i32: Int32Array,
    private readonly u32: Uint32Array,
    private readonly layout: Layout,
  ) {
    u32[CELL.logTop] = layout.logStart;
    u32[CELL.logLimit] = layout.logEnd;
  }

  /** Remembers what a granule holds before it is written. */
  append(address: number, lo: number, hi: number, ghost: boolean): void {
    const { i32, u32 } = this;
    this.makeRoom(LOG_ENTRY);
    const top = u32[CELL.logTop];
    const at = top >>> 2;
    i32[at] = address;
    i32[at + 1] = ghost ? 1 : 0;
    i32[at + 2] = lo;
    i32[at + 3] = hi;
    u32[CELL.logTop] = top + LOG_ENTRY;
  }

  /**
   * Empties the log if it has no room for this many bytes and nobody holds a mark to come back by.
   *
   * @throws CheckstopError ARENA_LOG_FULL
   */
  makeRoom(bytes: number): void {
    if (this.u32[CELL.logTop] + bytes > this.u32[CELL.logLimit]) this.empty(bytes);
  }

  private empty(bytes: number): void {
    const { layout } = this;
    const size = layout.logEnd - layout.logStart;
    if (bytes > size || this.marks.length > 0) {
      const why = bytes > size ? `can't ever hold the ${bytes} of one step` : 'is full, and marks want it kept';
      throw new CheckstopError(
        'ARENA_LOG_FULL',
        `The undo log of ${size} bytes ${why}; run in smaller slices, forget marks sooner, or give createMachine a larger logBytes.`,
        { size, bytes },
      );
    }
    this.clear();
  }

  /** The present point. */
  mark(): Mark {
    const top = this.u32[CELL.logTop];
    const last = this.marks.at(-1);
    if (last?.top === top) return last;
    const mark = { top };
    this.marks.push(mark);
    return mark;
  }

  /**
   * Takes back what was written since the mark, newest first, and what it did to the hash; marks after it are gone.
   *
   * @returns the range of bytes that changed, empty (start > end) if none did
   */
  undo(mark: Mark): { start: number; end: number } {
    const { i32, u32 } = this;
    const depth = this.marks.lastIndexOf(mark);
    if (depth < 0)
      throw new CheckstopError(
        'ARENA_STALE_MARK',
        'This mark is void: the log was emptied since (by restore, images, logging off or on, forgetMarks), or an earlier mark was undone to. Take a new mark after those.',
      );
    this.marks.length = depth + 1;
    let start = Number.MAX_SAFE_INTEGER;
    let end = 0;
    for (let top = u32[CELL.logTop]; top > mark.top; ) {
      top -= LOG_ENTRY;
      const at = top >>> 2;
      const address = u32[at];
      const cell = address >>> 2;
      if (i32[at + 1] === 0) {
        i32[CELL.hashA] ^= mixA(address, i32[cell], i32[cell + 1]) ^ mixA(address, i32[at + 2], i32[at + 3]);
        i32[CELL.hashB] ^= mixB(address, i32[cell], i32[cell + 1]) ^ mixB(address, i32[at + 2], i32[at + 3]);
      }
      i32[cell] = i32[at + 2];
      i32[cell + 1] = i32[at + 3];
      start = Math.min(start, address);
      end = Math.max(end, address + 8);
    }
    u32[CELL.logTop] = mark.top;
    return { start, end };
  }

  /** Forgets everything. */
  clear(): void {
    this.u32[CELL.logTop] = this.layout.logStart;
    this.marks.length = 0;
    this.epoch++;
  }
}
