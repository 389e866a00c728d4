import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CheckstopError } from '../error.ts';
import type { Arena } from './arena.ts';
import { fixture } from './fixture.ts';
import { PAGE_OWNER } from './layout.ts';
import type { Snapshot } from './snapshot.ts';
import type { Mark } from './undo-log.ts';

/** What a test may do to an arena; `n` picks among what there is. */
interface Command {
  readonly does: 'write' | 'mark' | 'undo' | 'snapshot' | 'restore' | 'take' | 'put' | 'logging' | 'hash';
  readonly field: number;
  readonly agent: number;
  readonly n: number;
}

const command: fc.Arbitrary<Command> = fc.record({
  does: fc.oneof(
    { weight: 6, arbitrary: fc.constant('write' as const) },
    { weight: 5, arbitrary: fc.constantFrom('mark', 'undo', 'take', 'put') },
    { weight: 2, arbitrary: fc.constantFrom('snapshot', 'restore', 'logging', 'hash') },
  ),
  field: fc.nat(10),
  agent: fc.nat(1),
  n: fc.nat(30),
});

/** A state as the bytes of the arena's memory, which nobody else had a hand in, and as a snapshot. */
interface Saved {
  readonly bytes: Uint8Array;
  readonly snapshot: Snapshot;
}

/** The arena beside a memory of what it should hold, compared byte by byte, and a copy that is told of changes as derived state is. */
class Model {
  private readonly toy = fixture();
  private readonly arena: Arena = this.toy.arena;
  private readonly images;
  private readonly snapshots: Saved[] = [];
  private readonly tuples: { ids: number[]; state: Saved }[] = [];
  /** `sure`: nothing happened since that may have emptied the log. */
  private marks: { mark: Mark; state: Saved; sure: boolean }[] = [];
  private told = new Uint8Array();

  constructor() {
    this.arena.disown();
    this.arena.claim(1, 1);
    this.arena.claim(2, 2);
    this.arena.claim(3, PAGE_OWNER.SHARED);
    this.images = this.arena.images();
    this.arena.onInvalidate((start, end) => this.told.set(this.arena.u8.subarray(start, end), start));
  }

  run({ does, field, agent, n }: Command): void {
    this.told = this.arena.u8.slice();
    if (does === 'write') this.write(field, agent, n);
    else if (does === 'mark') this.mark();
    else if (does === 'undo') this.undo(n);
    else if (does === 'snapshot') this.snapshots.push(this.save());
    else if (does === 'restore') this.restore(n);
    else if (does === 'take') this.take();
    else if (does === 'put') this.put(n);
    else if (does === 'logging') this.toggleLogging();
    else this.hash();
  }

  hash(): void {
    const fresh = fixture().arena;
    fresh.restore(this.arena.snapshot());
    expect(this.arena.hash()).toBe(fresh.computeHash());
  }

  private write(field: number, agent: number, n: number): void {
    const { own, common, ghost, ram } = this.toy;
    const mine = own.at(agent);
    if (field === 0) mine.count = n;
    else if (field === 1) mine.wide = BigInt(n) << 40n;
    else if (field === 2) mine.r.set(n, BigInt(n));
    else if (field === 3) common.at().holder = agent;
    else if (field === 4) ghost.at(agent).seen = n;
    else if (field === 5) ram.writeU32(256 * (agent + 1) + 7 * n, n, 'big');
    else if (field === 6) ram.writeU32(768 + Math.min(9 * n, 252), n, 'little');
    else if (field === 7)
      ram.writeBytes(
        256 + 12 * n,
        Uint8Array.from({ length: 13 * n }, (_, i) => i + n),
      );
    else if (field === 8) common.at().waiters = n & 3;
    else if (field === 9) common.at().queue.set(n % 3, agent);
    else if (field === 10) [own, ghost][n % 2].clear(agent);
    else mine.mode = n % 2 === 0 ? 'run' : 'wait';
  }

  private mark(): void {
    if (this.arena.logging) this.marks.push({ mark: this.arena.mark(), state: this.save(), sure: true });
  }

  private undo(n: number): void {
    if (this.marks.length === 0) return;
    const index = n % this.marks.length;
    const { mark, state, sure } = this.marks[index];
    const before = this.save();
    try {
      this.arena.undo(mark);
    } catch (error) {
      expect((error as CheckstopError).code).toBe('ARENA_STALE_MARK');
      expect(sure).toBe(false);
      this.expectState(before);
      return;
    }
    this.expectState(state);
    this.marks = this.marks.slice(0, index + 1);
  }

  private restore(n: number): void {
    const state = this.snapshots[n % this.snapshots.length];
    if (!state) return;
    this.arena.restore(state.snapshot);
    this.expectState(state);
    this.doubtMarks();
  }

  private take(): void {
    const state = this.save();
    const ids = [0, 1, 2].map((owner) => this.images.take(owner));
    this.expectState(state);
    for (const other of this.tuples)
      expect(ids.every((id, owner) => id === other.ids[owner])).toBe(equal(state, other.state));
    this.tuples.push({ ids, state });
    this.doubtMarks();
  }

  private put(n: number): void {
    const tuple = this.tuples[n % this.tuples.length];
    if (!tuple) return;
    for (const owner of [0, 1, 2]) this.images.put(owner, tuple.ids[owner]);
    this.expectState(tuple.state);
    this.doubtMarks();
  }

  private toggleLogging(): void {
    this.arena.logging = !this.arena.logging;
    this.doubtMarks();
  }

  private doubtMarks(): void {
    this.marks = this.marks.map((entry) => ({ ...entry, sure: false }));
  }

  private save(): Saved {
    const { u8, layout } = this.arena;
    return { bytes: u8.slice(layout.sharedBlock, layout.end), snapshot: this.arena.snapshot() };
  }

  private expectState(expected: Saved): void {
    const { sharedBlock, end } = this.arena.layout;
    expect(equal(this.save(), expected)).toBe(true);
    expect(Buffer.compare(this.told.subarray(sharedBlock, end), expected.bytes)).toBe(0);
  }
}

function equal(a: Saved, b: Saved): boolean {
  return Buffer.compare(a.bytes, b.bytes) === 0;
}

describe('any sequence of writes, marks, undos, snapshots, restores, takes and puts', () => {
  it('restores bit for bit and gives the hash of a fresh computation', () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 80, size: 'max' }), (commands) => {
        const model = new Model();
        for (const c of commands) model.run(c);
        model.hash();
      }),
      { numRuns: 150 },
    );
  });
});
