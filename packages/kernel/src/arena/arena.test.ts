import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createMachine } from '../create-machine.ts';
import { definePlugin } from '../plugin.ts';
import { agentId, bool, enumOf, u32, u64 } from './descriptor.ts';
import { diffSnapshots } from './diff.ts';
import { PAGE_OWNER } from './layout.ts';
import type { State } from './state.ts';

const own = { mode: enumOf(['run', 'wait']), count: u32, wide: u64, r: u64.array(3) };
const common = { holder: agentId, flag: bool };
const remembered = { seen: u32 };

function machine() {
  const states = {} as { own: State<typeof own>; common: State<typeof common>; ghost: State<typeof remembered> };
  const toy = definePlugin({
    name: 'toy',
    version: '1.0.0',
    contract: 1,
    agents: () => 2,
    setup(ctx) {
      ctx.memory(1024);
      states.own = ctx.state('perAgent', 'own', own);
      states.common = ctx.state('shared', 'common', common);
      states.ghost = ctx.state('perAgent', 'ghost', remembered, { kind: 'ghost' });
      ctx.drive((index) => ({ name: `toy${index}`, enabled: () => true, step: () => 1 }));
    },
  });
  return { machine: createMachine({ plugins: [toy()] }), ...states };
}

describe('state', () => {
  it('starts at zero, the first word, and nobody', () => {
    const { own, common } = machine();
    expect(own.at(1).mode).toBe('run');
    expect(own.at(1).wide).toBe(0n);
    expect(common.at().holder).toBe(-1);
  });

  it('reads back what was written, in every type', () => {
    const { own, common } = machine();
    own.at(0).mode = 'wait';
    own.at(0).wide = 0xfedc_ba98_7654_3210n;
    own.at(0).r.set(2, 7n);
    common.at().holder = 1;
    common.at().flag = true;
    expect([own.at(0).mode, own.at(0).wide, own.at(0).r.get(2), common.at().holder, common.at().flag]).toEqual([
      'wait',
      0xfedc_ba98_7654_3210n,
      7n,
      1,
      true,
    ]);
    expect(own.at(1).mode).toBe('run');
  });

  it('names what differs', () => {
    const { machine: m, own, common } = machine();
    const before = m.arena.snapshot();
    own.at(1).r.set(1, 5n);
    common.at().holder = 0;
    m.ram.writeBytes(0x10, Uint8Array.of(1, 2));
    expect(diffSnapshots(m.arena.layout, before, m.arena.snapshot())).toEqual([
      { name: 'own[1].r[1]', before: '0x0', after: '0x5' },
      { name: 'common.holder', before: '0x0', after: '0x1' },
      { name: 'ram[0x10..0x12)', before: '0000', after: '0102' },
    ]);
  });
});

describe('footprint', () => {
  it('tells own, shared and conflicting touches apart', () => {
    const { machine: m, own, common } = machine();
    m.arena.claimAll(PAGE_OWNER.CONSTANT);
    m.arena.claim(1, 1);
    m.arena.claim(2, PAGE_OWNER.SHARED);
    const touched = (agent: number, act: () => void) => {
      m.arena.track(agent);
      act();
      return m.arena.footprint();
    };
    expect(touched(0, () => own.at(0).count++)).toEqual({ read: 1, write: 1, conflict: -1 });
    expect(touched(0, () => common.at().flag)).toEqual({ read: 1 << 31, write: 0, conflict: -1 });
    expect(touched(0, () => m.ram.readU32(0, 'big'))).toEqual({ read: 0, write: 0, conflict: -1 });
    expect(touched(0, () => m.ram.writeU32(4, 9, 'big'))).toMatchObject({ conflict: 0 });
    expect(touched(0, () => m.ram.writeU32(256, 9, 'big'))).toEqual({ read: 0, write: 1, conflict: -1 });
    expect(touched(1, () => m.ram.readU32(256, 'big'))).toMatchObject({ conflict: 1 });
    expect(touched(1, () => m.ram.readU32(512, 'big'))).toEqual({ read: 1 << 31, write: 0, conflict: -1 });
  });
});

type Command =
  | { do: 'count' | 'wide' | 'holder' | 'ghost' | 'ram'; agent: number; value: number }
  | { do: 'mark' | 'undo' | 'snapshot' | 'restore' };

const command: fc.Arbitrary<Command> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constantFrom('count', 'wide', 'holder', 'ghost', 'ram'),
      agent: fc.nat(1),
      value: fc.nat(1020),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('mark', 'undo', 'snapshot', 'restore') }) },
);

describe('any sequence of writes, marks, undos and snapshots', () => {
  it('restores bit for bit and keeps the hash of a fresh computation', () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 60 }), (commands) => {
        const { machine: m, own, common, ghost } = machine();
        const { arena } = m;
        let marks: { mark: ReturnType<typeof arena.mark>; state: ReturnType<typeof arena.snapshot> }[] = [];
        const snapshots: ReturnType<typeof arena.snapshot>[] = [];
        for (const c of commands) {
          if (c.do === 'count') own.at(c.agent).count = c.value;
          else if (c.do === 'wide') own.at(c.agent).wide = BigInt(c.value) << 40n;
          else if (c.do === 'holder') common.at().holder = c.agent;
          else if (c.do === 'ghost') ghost.at(c.agent).seen = c.value;
          else if (c.do === 'ram') m.ram.writeU32(c.value, c.value * 77, 'little');
          else if (c.do === 'mark') marks.push({ mark: arena.mark(), state: arena.snapshot() });
          else if (c.do === 'snapshot') snapshots.push(arena.snapshot());
          else if (c.do === 'undo') {
            const last = marks.pop();
            if (!last) continue;
            arena.undo(last.mark);
            expect(arena.snapshot()).toEqual(last.state);
          } else {
            const last = snapshots.pop();
            if (!last) continue;
            arena.restore(last);
            expect(arena.snapshot()).toEqual(last);
            marks = [];
          }
          expect(arena.hash()).toBe(arena.computeHash());
        }
      }),
      { numRuns: 60 },
    );
  });

  it('takes images out and puts them back', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ write: fc.nat(4), agent: fc.nat(1), value: fc.nat(3), put: fc.nat(9) }), {
          maxLength: 60,
        }),
        (commands) => {
          const { machine: m, own, common, ghost } = machine();
          const { arena } = m;
          arena.claimAll(PAGE_OWNER.CONSTANT);
          arena.claim(1, 1);
          arena.claim(2, 2);
          arena.claim(3, PAGE_OWNER.SHARED);
          const images = arena.images();
          const seen: { ids: number[]; state: ReturnType<typeof arena.snapshot> }[] = [];
          for (const c of commands) {
            arena.track(c.agent);
            if (c.write === 0) own.at(c.agent).count = c.value;
            else if (c.write === 1) common.at().holder = c.agent;
            else if (c.write === 2) ghost.at(c.agent).seen = c.value;
            else if (c.write === 3) m.ram.writeU32(256 * (c.agent + 1) + 8 * c.value, c.value, 'big');
            else m.ram.writeU32(768 + 8 * c.value, c.value, 'big');
            const state = arena.snapshot();
            const ids = [images.take(0), images.take(1), images.take(2)];
            for (const other of seen)
              expect(ids.every((id, owner) => id === other.ids[owner])).toBe(
                Buffer.from(state.state).equals(other.state.state) && Buffer.from(state.ram).equals(other.state.ram),
              );
            seen.push({ ids, state });
            const back = seen[c.put % seen.length];
            for (const [owner, id] of back.ids.entries()) images.put(owner, id);
            expect(arena.snapshot()).toEqual(back.state);
          }
        },
      ),
      { numRuns: 60 },
    );
  });
});
