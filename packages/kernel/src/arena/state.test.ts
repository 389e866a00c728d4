import { describe, expect, it } from 'vitest';
import type { PluginContext } from '../plugin.ts';
import { thrown, toy } from '../testing.ts';
import { byAgent, enumOf, type Fields, type StateKind, type StateOwner, u32 } from './descriptor.ts';
import { fixture } from './fixture.ts';
import { declareRecord } from './layout.ts';

describe('state', () => {
  it('starts at zero, the first word, and nobody', () => {
    const { own, common } = fixture();
    expect(own.at(1).mode).toBe('run');
    expect(own.at(1).wide).toBe(0n);
    expect(common.at().holder).toBe(-1);
    expect(common.at().flag).toBe(false);
  });

  it('reads back what was written, in every type', () => {
    const { own, common } = fixture();
    own.at(0).mode = 'wait';
    own.at(0).count = 0xffff_ffff;
    own.at(0).wide = 0xfedc_ba98_7654_3210n;
    own.at(0).r.set(39, 7n);
    common.at().holder = 1;
    common.at().flag = true;
    common.at().waiters |= 1 << 1;
    const { mode, count, wide, r } = own.at(0);
    expect([mode, count, wide, r.get(39), r.length]).toEqual(['wait', 0xffff_ffff, 0xfedc_ba98_7654_3210n, 7n, 40]);
    const { holder, flag, waiters } = common.at();
    expect([holder, flag, waiters]).toEqual([1, true, 2]);
    expect(own.at(1).mode).toBe('run');
  });

  it('wraps 64-bit numbers as registers do', () => {
    const { own } = fixture();
    own.at(0).wide = -1n;
    expect(own.at(0).wide).toBe(0xffff_ffff_ffff_ffffn);
    own.at(0).wide += 2n;
    expect(own.at(0).wide).toBe(1n);
  });

  it('refuses values that do not fit, by name', () => {
    const { own, common } = fixture();
    const refused = (act: () => void) => expect(thrown(act)).toMatchObject({ code: 'STATE_BAD_VALUE' });
    for (const value of [-1, 0.5, 2 ** 32, Number.NaN])
      refused(() => {
        own.at(0).count = value;
      });
    for (const value of [-2, 2, 0.5])
      refused(() => {
        common.at().holder = value;
      });
    refused(() => {
      own.at(0).mode = 'sleep' as 'wait';
    });
    refused(() => own.at(0).r.set(0, 7 as unknown as bigint));
    expect(
      thrown(() => {
        own.at(0).count = -1;
      })?.message,
    ).toMatch(/^own\.count = -1/);
    for (const index of [-1, 40, 0.5])
      expect(thrown(() => own.at(0).r.get(index))).toMatchObject({
        code: 'STATE_NO_SUCH_ELEMENT',
        message: `'own.r' has no element ${index}; there are 40.`,
      });
    expect(thrown(() => own.at(2))).toMatchObject({ code: 'STATE_NO_SUCH_AGENT' });
  });

  it('refuses fields of which a record can not be made', () => {
    const declare = (...[owner, fields, kind]: [unknown, unknown, unknown?]) =>
      thrown(() => declareRecord(owner as StateOwner, 'mine', fields as Fields, (kind ?? 'ghost') as StateKind))?.code;
    expect(declare('shared', { count: u32, none: u32.array(0) })).toBe(undefined);
    expect(declare('everyone', {})).toBe('STATE_BAD_FIELD');
    expect(declare('shared', {}, 'derived')).toBe('STATE_BAD_FIELD');
    for (const field of [undefined, 'u32', 5, {}, u32.array(-1), u32.array(1.5), u32.array(Number.NaN)])
      expect(declare('shared', { field })).toBe('STATE_BAD_FIELD');
    expect(thrown(() => enumOf([]))).toMatchObject({ code: 'STATE_BAD_FIELD' });
    expect(thrown(() => enumOf(['a', 'b', 'a']))).toMatchObject({ code: 'STATE_BAD_FIELD' });
    const three = (ctx: PluginContext) => void ctx.state('shared', 'mine', { each: byAgent(u32, 3) });
    expect(thrown(() => toy(2, three))).toMatchObject({ code: 'STATE_BAD_FIELD' });
    expect(thrown(() => toy(3, three))).toBe(undefined);
  });

  it('has addresses for generated code, and clears', () => {
    const { own, arena } = fixture();
    own.at(1).r.set(3, 0x1234n);
    expect(arena.u64[own.addressOf(1, 'r', 3) / 8]).toBe(0x1234n);
    expect(own.base(1) - own.base(0)).toBe(own.stride);
    own.clear(1);
    expect(own.at(1).r.get(3)).toBe(0n);
    expect(arena.hash()).toBe(fixture().arena.hash());
  });
});
