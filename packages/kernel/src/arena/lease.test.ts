import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { thrown } from '../testing.ts';
import { fixture } from './fixture.ts';
import type { Images } from './images.ts';
import { PAGE, PAGE_OWNER, SHARED_BIT } from './layout.ts';
import type { Snapshot } from './snapshot.ts';
import type { Mark } from './undo-log.ts';

const LEASED = { start: PAGE, end: 3 * PAGE };
/** Owners: two agents, and what they share. */
const OWNERS = [0, 1, 2];
const SHARED_OWNER = 2;

/** A machine in which pages 1 and 2 are lent to the holder in a shared record; page 0 is agent 0's, page 3 is shared. */
function lent() {
  const toy = fixture();
  const { arena, common } = toy;
  common.at().holder = -1;
  const lease = arena.lease({ ...LEASED, holder: () => common.at().holder });
  arena.disown();
  // The record has been written before, or writing it would end a search.
  arena.own(
    conflictOf(toy, 0, () => hand(0)),
    0,
  );
  arena.claim(0, 1);
  arena.claim(3, PAGE_OWNER.SHARED);
  function hand(to: number): void {
    common.at().holder = to;
    lease.changeHands();
  }
  hand(-1);
  return { ...toy, lease, hand };
}

function conflictOf({ arena }: Pick<ReturnType<typeof fixture>, 'arena'>, agent: number, act: () => void): number {
  arena.track(agent);
  act();
  return arena.conflict;
}

interface Command {
  readonly does: 'own' | 'leased' | 'ram' | 'hand' | 'mark' | 'undo' | 'snapshot' | 'restore' | 'take' | 'put';
  readonly agent: number;
  /** Picks the value, or among what there is. */
  readonly n: number;
}

const command: fc.Arbitrary<Command> = fc.record({
  does: fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom('own', 'leased', 'leased', 'ram', 'hand', 'hand') },
    { weight: 4, arbitrary: fc.constantFrom('take', 'put') },
    { weight: 3, arbitrary: fc.constantFrom('mark', 'undo', 'snapshot', 'restore') },
  ),
  agent: fc.nat(1),
  n: fc.nat(5),
});

/** The arena beside a memory of what it should hold, and of what each owner's image should tell apart. */
class Model {
  private readonly toy = lent();
  private readonly images: Images = this.toy.arena.images();
  private readonly snapshots: Snapshot[] = [];
  private readonly tuples: { ids: number[]; state: Snapshot; views: string[] }[] = [];
  private marks: { mark: Mark; state: Snapshot }[] = [];

  run({ does, agent, n }: Command): void {
    const { arena } = this.toy;
    if (does === 'mark') this.marks.push({ mark: arena.mark(), state: arena.snapshot() });
    else if (does === 'undo') this.undo(n);
    else if (does === 'snapshot') this.snapshots.push(arena.snapshot());
    else if (does === 'restore') this.restore(n);
    else if (does === 'take') this.take();
    else if (does === 'put') this.put(n);
    else this.step(does, agent, n);
    this.expectFollowed();
  }

  /** A step as explorers take them: only the images of owners that it wrote are taken anew. Taking costs marks, so not while there are any. */
  private step(does: Command['does'], agent: number, n: number): void {
    const { arena, common } = this.toy;
    if (this.marks.length > 0) {
      this.act(does, agent, n);
      return;
    }
    const before = this.takeAll();
    const { holder } = common.at();
    arena.track(agent);
    this.act(does, agent, n);
    const { write, conflict } = arena.footprint();
    expect(conflict !== -1).toBe(does === 'leased' && holder !== -1 && holder !== agent);
    if (conflict !== -1) return;
    const written = (owner: number): boolean => (write & (owner === SHARED_OWNER ? SHARED_BIT : 1 << owner)) !== 0;
    const after = OWNERS.map((owner) => (written(owner) ? this.images.take(owner) : before[owner]));
    expect(after).toEqual(this.takeAll());
  }

  private act(does: Command['does'], agent: number, n: number): void {
    const { own, ram, hand } = this.toy;
    if (does === 'own') own.at(agent).count = n;
    else if (does === 'hand') hand(n % 3 === 2 ? -1 : n % 3);
    else if (does === 'ram') ram.writeU32(3 * PAGE + 8 * n, n, 'little');
    else ram.writeU32(LEASED.start + 60 * n, n, 'big');
  }

  private takeAll(): number[] {
    this.marks = [];
    return OWNERS.map((owner) => this.images.take(owner));
  }

  private take(): void {
    const { arena } = this.toy;
    const state = arena.snapshot();
    const ids = this.takeAll();
    this.expectState(state);
    const views = OWNERS.map((owner) => this.view(owner));
    for (const other of this.tuples)
      for (const owner of OWNERS) expect(ids[owner] === other.ids[owner]).toBe(views[owner] === other.views[owner]);
    this.tuples.push({ ids, state, views });
  }

  /** What the image of an owner consists of, in words. */
  private view(owner: number): string {
    const { arena, common } = this.toy;
    const { layout, u8 } = arena;
    const bytes = (start: number, length: number): string =>
      Buffer.from(u8.subarray(start, start + length)).toString('hex');
    const leased = bytes(layout.ram + LEASED.start, LEASED.end - LEASED.start);
    const { holder } = arena.unseen(() => ({ holder: common.at().holder }));
    if (owner === SHARED_OWNER)
      return `${bytes(layout.sharedBlock, layout.sharedBlockSize)} ${bytes(layout.ram + 3 * PAGE, PAGE)} ${holder === -1 ? leased : '-'}`;
    const block = bytes(layout.agentBlocks + owner * layout.agentBlockSize, layout.agentBlockSize);
    return `${block} ${owner === 0 ? bytes(layout.ram, PAGE) : ''} ${holder === owner ? leased : '-'}`;
  }

  private put(n: number): void {
    const tuple = this.tuples[n % this.tuples.length];
    if (!tuple) return;
    // The shared image first; the others in any order.
    const agents = n % 2 === 0 ? [0, 1] : [1, 0];
    for (const owner of [SHARED_OWNER, ...agents]) this.images.put(owner, tuple.ids[owner]);
    this.expectState(tuple.state);
    this.marks = [];
  }

  private undo(n: number): void {
    if (this.marks.length === 0) return;
    const index = n % this.marks.length;
    this.toy.arena.undo(this.marks[index].mark);
    this.expectState(this.marks[index].state);
    this.marks.length = index + 1;
  }

  private restore(n: number): void {
    const state = this.snapshots[n % this.snapshots.length];
    if (!state) return;
    this.toy.arena.restore(state);
    this.expectState(state);
    this.marks = [];
  }

  private expectFollowed(): void {
    const { arena, lease, common } = this.toy;
    const { holder } = common.at();
    expect([lease.heldBy(0), lease.heldBy(1)]).toEqual([holder === 0, holder === 1]);
    const owner = holder === -1 ? PAGE_OWNER.SHARED : holder + 1;
    expect([0, 1, 2, 3].map((page) => arena.pageOwner(page))).toEqual([1, owner, owner, PAGE_OWNER.SHARED]);
  }

  private expectState(expected: Snapshot): void {
    const { state, ram } = this.toy.arena.snapshot();
    expect(Buffer.compare(state, expected.state) === 0 && Buffer.compare(ram, expected.ram) === 0).toBe(true);
  }
}

describe('any sequence of steps, marks, undos, snapshots, takes and puts', () => {
  it('restores bit for bit, and leased pages go with their holder, into its image and out again', () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 60, size: 'max' }), (commands) => {
        const model = new Model();
        for (const each of commands) model.run(each);
      }),
      { numRuns: 200 },
    );
  });
});

describe('a lease', () => {
  it('makes old and new holder part of the step in which the pages change hands', () => {
    const { arena, hand } = lent();
    const written = (to: number): number => {
      arena.track(1);
      hand(to);
      return arena.touchedWrite;
    };
    expect([written(0), written(1), written(-1)]).toEqual([1 | SHARED_BIT, 3 | SHARED_BIT, 2 | SHARED_BIT]);
  });

  it('tells pages that are held and empty from pages that are not held', () => {
    const { arena, hand } = lent();
    const images = arena.images();
    const without = images.take(0);
    hand(0);
    expect(images.take(0)).not.toBe(without);
  });

  it('shows what an image has of the pages, if anything', () => {
    const { arena, hand, ram } = lent();
    const images = arena.images();
    const seen = (owner: number): number[] => {
      const words: number[] = [];
      images.peek(owner, images.take(owner), [arena.layout.ram, arena.layout.ram + LEASED.start], words);
      return words;
    };
    hand(0);
    ram.writeU32(LEASED.start, 5, 'little');
    expect([seen(0), seen(1), seen(SHARED_OWNER)]).toEqual([[0, 0, 5, 0], [Number.NaN], [Number.NaN]]);
    hand(-1);
    expect([seen(0), seen(1), seen(SHARED_OWNER)]).toEqual([[0, 0, Number.NaN], [Number.NaN], [5, 0]]);
  });

  it('leaves pages empty whose holder has an image from when it held none', () => {
    const { arena, hand, ram } = lent();
    const images = arena.images();
    const without = images.take(0);
    hand(0);
    const held = images.take(SHARED_OWNER);
    ram.writeU32(LEASED.start, 5, 'little');
    images.put(SHARED_OWNER, held);
    images.put(0, without);
    expect(ram.readU32(LEASED.start, 'little')).toBe(0);
  });

  it('ends when somebody else touches the pages, and the pages are shared', () => {
    const toy = lent();
    const { arena, ram, lease, hand } = toy;
    hand(0);
    expect(conflictOf(toy, 0, () => ram.writeU32(LEASED.start, 1, 'big'))).toBe(-1);
    const conflict = conflictOf(toy, 1, () => ram.readU32(LEASED.start, 'big'));
    expect(conflict).toBe(LEASED.start / PAGE);
    arena.own(conflict, 1);
    expect(lease.heldBy(0)).toBe(false);
    expect(conflictOf(toy, 1, () => ram.readU32(LEASED.start, 'big'))).toBe(-1);
    expect(arena.touchedRead).toBe(SHARED_BIT);
    arena.track(1);
    lease.changeHands();
    expect(arena.touchedWrite).toBe(0);
  });

  it('counts in searches only, and again in the next one', () => {
    const { arena, lease, hand, common } = lent();
    hand(0);
    arena.share();
    expect([lease.heldBy(0), arena.pageOwner(1)]).toEqual([false, PAGE_OWNER.SHARED]);
    common.at().holder = 1;
    arena.disown();
    expect([lease.heldBy(1), arena.pageOwner(1), arena.pageOwner(3)]).toEqual([true, 2, PAGE_OWNER.CONSTANT]);
  });

  it('is of whole pages', () => {
    const { arena, common } = fixture();
    arena.lease({ start: 1, end: 3 * PAGE - 1, holder: () => common.at().holder });
    arena.lease({ start: 3 * PAGE + 1, end: 4 * PAGE, holder: () => common.at().holder });
    arena.disown();
    expect([0, 1, 2, 3].map((page) => arena.leaseOf(page) !== undefined)).toEqual([false, true, false, false]);
  });

  it('is refused an image when nobody was told of a new holder', () => {
    const { arena, common, hand } = lent();
    const images = arena.images();
    hand(0);
    images.take(0);
    common.at().holder = 1;
    expect(thrown(() => images.take(1))).toMatchObject({ code: 'LEASE_NOT_TOLD' });
  });
});
