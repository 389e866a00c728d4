import { describe, expect, it } from 'vitest';
import { thrown } from '../testing.ts';
import { CHANGED_WAYS } from './arena.ts';
import { diffSnapshots } from './diff.ts';
import { fixture } from './fixture.ts';
import { PAGE_OWNER } from './layout.ts';
import type { Snapshot } from './snapshot.ts';

describe('diff', () => {
  it('names what differs', () => {
    const { arena, ram, own, common } = fixture();
    const before = arena.snapshot();
    own.at(1).r.set(1, 5n);
    common.at().holder = 0;
    ram.writeBytes(0x10, Uint8Array.of(1, 2));
    expect(diffSnapshots(arena.layout, before, arena.snapshot())).toEqual([
      { name: 'own[1].r[1]', before: '0x0', after: '0x5' },
      { name: 'common.holder', before: '0x0', after: '0x1' },
      { name: 'ram[0x10..0x12)', before: '0000', after: '0102' },
    ]);
  });
});

describe('footprint', () => {
  it('tells own, shared and conflicting touches apart', () => {
    const { arena, ram, own, common, ghost } = fixture();
    arena.disown();
    arena.claim(1, 1);
    arena.claim(2, PAGE_OWNER.SHARED);
    const touched = (agent: number, act: () => void) => {
      arena.track(agent);
      act();
      return arena.footprint();
    };
    expect(touched(0, () => own.at(0).count++)).toEqual({ read: 1, write: 1, conflict: -1 });
    expect(touched(0, () => own.at(1).r.get(0))).toEqual({ read: 2, write: 0, conflict: -1 });
    expect(
      touched(0, () => {
        ghost.at(1).seen = 0;
      }),
    ).toEqual({ read: 0, write: 2, conflict: -1 });
    expect(touched(0, () => common.at().flag)).toEqual({ read: 0, write: 0, conflict: -1 });
    const raise = () => {
      common.at().flag = true;
    };
    const { conflict } = touched(0, raise);
    expect(conflict).toBeLessThan(-1);
    arena.own(conflict, 0);
    expect(touched(0, () => common.at().flag)).toEqual({ read: 1 << 31, write: 0, conflict: -1 });
    expect(touched(0, raise)).toEqual({ read: 0, write: 1 << 31, conflict: -1 });
    expect(touched(0, () => ram.readU32(0, 'big'))).toEqual({ read: 0, write: 0, conflict: -1 });
    expect(touched(0, () => ram.writeU32(4, 9, 'big'))).toMatchObject({ conflict: 0 });
    expect(touched(0, () => ram.writeU32(256, 9, 'big'))).toEqual({ read: 0, write: 1, conflict: -1 });
    expect(touched(1, () => ram.readU32(256, 'big'))).toMatchObject({ conflict: 1 });
    expect(touched(1, () => ram.readU32(512, 'big'))).toEqual({ read: 1 << 31, write: 0, conflict: -1 });
    expect(touched(0, () => ram.readBytes(508, 8))).toEqual({ read: 1 | (1 << 31), write: 0, conflict: -1 });
  });

  it('is of everybody again once state is shared', () => {
    const { arena, common, ram } = fixture();
    arena.disown();
    arena.share();
    arena.track(0);
    common.at().flag = true;
    ram.writeU32(0, 1, 'big');
    expect(arena.footprint()).toEqual({ read: 0, write: 1 << 31, conflict: -1 });
  });

  it('of a record whose address was given away is shared for good', () => {
    const { arena, common } = fixture();
    arena.disown();
    common.addressOf(0, 'flag');
    arena.disown();
    arena.track(0);
    common.at().flag = common.at().flag;
    expect(arena.footprint()).toEqual({ read: 1 << 31, write: 1 << 31, conflict: -1 });
  });

  it('shows that what steps do has changed, as a conflict about nobody', () => {
    const { arena } = fixture();
    arena.disown();
    arena.track(1);
    arena.changedItsWays();
    expect(arena.conflict).toBe(CHANGED_WAYS);
    const owners = Array.from({ length: 4 }, (_, page) => arena.pageOwner(page));
    arena.own(arena.conflict, 1);
    expect(Array.from({ length: 4 }, (_, page) => arena.pageOwner(page))).toEqual(owners);
  });

  it('does not show what was only looked at', () => {
    const { arena, ram, own, common } = fixture();
    arena.claim(1, 1);
    arena.track(1);
    common.at().flag;
    const before = arena.footprint();
    expect(arena.unseen(() => own.at(0).count + ram.readU32(256, 'big'))).toBe(0);
    expect(arena.footprint()).toEqual(before);
  });
});

describe('marks', () => {
  const stale = { code: 'ARENA_STALE_MARK' };

  it('are void once the log lost them, however much was logged since', () => {
    const { arena, own } = fixture();
    const count = (times: number) => {
      for (let i = 0; i < times; i++) own.at(0).count++;
    };
    count(1);
    const outer = arena.mark();
    count(1);
    const inner = arena.mark();
    arena.undo(outer);
    count(9);
    expect(thrown(() => arena.undo(inner))).toMatchObject(stale);
    arena.restore(arena.snapshot());
    count(9);
    expect(thrown(() => arena.undo(outer))).toMatchObject(stale);
    expect(own.at(0).count).toBe(19);
  });

  it('are void after images were put, even on an empty log', () => {
    const { arena, own } = fixture();
    const images = arena.images();
    const before = images.take(0);
    own.at(0).count = 1;
    images.take(0);
    const mark = arena.mark();
    images.put(0, before);
    expect(thrown(() => arena.undo(mark))).toMatchObject(stale);
  });

  it('need logging', () => {
    const { arena, own } = fixture();
    const mark = arena.mark();
    arena.logging = false;
    own.at(0).count = 7;
    expect(thrown(() => arena.mark())).toMatchObject({ code: 'ARENA_NOT_LOGGING' });
    arena.logging = true;
    expect(thrown(() => arena.undo(mark))).toMatchObject(stale);
  });
});

describe('a full log', () => {
  const fill = (own: ReturnType<typeof fixture>['own']) => {
    for (let i = 1; i <= 8; i++) own.at(0).count = i;
  };

  it('stops the write while a mark is held, and can still be undone', () => {
    const { arena, own } = fixture(128);
    const before = arena.snapshot();
    const mark = arena.mark();
    fill(own);
    expect(thrown(() => own.at(0).count++)).toMatchObject({ code: 'ARENA_LOG_FULL' });
    expect(own.at(0).count).toBe(8);
    arena.undo(mark);
    expect(arena.snapshot()).toEqual(before);
    expect(arena.hash()).toBe(arena.computeHash());
  });

  it('is emptied when nobody holds a mark, and images notice', () => {
    const { arena, own } = fixture(128);
    const images = arena.images();
    const before = images.take(0);
    fill(own);
    own.at(0).wide = 1n;
    expect(images.take(0)).not.toBe(before);
    images.put(0, before);
    expect([own.at(0).count, own.at(0).wide]).toEqual([0, 0n]);
    expect(arena.hash()).toBe(arena.computeHash());
  });

  it('makes room for as many bytes as asked, if it can', () => {
    const { arena, own } = fixture(128);
    own.at(0).wide = 1n;
    const { epoch } = arena;
    arena.makeRoom(112);
    expect(arena.epoch).toBe(epoch);
    arena.makeRoom(113);
    expect(arena.epoch).toBe(epoch + 1);
    expect(thrown(() => arena.makeRoom(129))).toMatchObject({ code: 'ARENA_LOG_FULL' });
    arena.logging = false;
    expect(() => arena.makeRoom(129)).not.toThrow();
  });
});

describe('derived state', () => {
  it('is told what changed behind its back', () => {
    const { arena, own, ram } = fixture();
    const changed: [number, number][] = [];
    arena.onInvalidate((start, end) => changed.push([start, end]));
    const within = (address: number) => changed.splice(0).some(([start, end]) => start <= address && address < end);
    const count = own.addressOf(0, 'count');
    const snapshot = arena.snapshot();
    const images = arena.images();
    const image = images.take(0);
    const mark = arena.mark();
    own.at(0).count = 1;
    expect(changed).toEqual([]);
    arena.undo(mark);
    expect(within(count)).toBe(true);
    own.at(0).count = 1;
    images.put(0, image);
    expect(within(count)).toBe(true);
    const both = arena.mark();
    own.at(0).count = 2;
    ram.writeU32(0, 1, 'big');
    own.at(1).count = 2;
    arena.undo(both);
    expect(changed.length).toBe(1);
    expect(
      [count, own.addressOf(1, 'count'), arena.layout.ram].every((at) =>
        changed.some(([start, end]) => start <= at && at < end),
      ),
    ).toBe(true);
    within(0);
    ram.writeU32(0, 1, 'big');
    arena.restore(snapshot);
    expect(within(arena.layout.ram)).toBe(true);
  });
});

describe('snapshots', () => {
  it('go from one machine to another of the same make', () => {
    const [one, other] = [fixture(), fixture()];
    one.own.at(1).wide = 5n;
    one.ram.writeU32(8, 6, 'big');
    other.arena.restore(one.arena.snapshot());
    expect(other.own.at(1).wide).toBe(5n);
    expect(other.arena.hash()).toBe(one.arena.hash());
    for (const junk of [null, {}])
      expect(thrown(() => other.arena.restore(junk as Snapshot))).toMatchObject({ code: 'ARENA_FOREIGN_SNAPSHOT' });
    const foreign = { ...one.arena.snapshot(), ram: new Uint8Array(256) };
    expect(thrown(() => other.arena.restore(foreign))).toMatchObject({ code: 'ARENA_FOREIGN_SNAPSHOT' });
  });
});
