import { describe, expect, it } from 'vitest';
import { delivery } from './delivery.ts';
import { stage } from './testing.ts';

describe('the axes', () => {
  it.each([
    [
      { notification: 'exit', waiting: 'guest-retry' },
      /waiting: nothing of the guest runs at a plain exit, so it cannot try again/,
    ],
    [{ notification: 'exit', waiting: 'poll', scratch: 'sprg2' }, /scratch: nothing of the guest runs/],
    [{ notification: 'illegal-instruction', waiting: 'hold', scratch: 'sprg1' }, /no scratch register to choose/],
    [{ notification: 'hcall', waiting: 'hold', scratch: 'none' }, /scratch: "none" is no SPRG; .* say sprg0 to sprg3/],
    [{ notification: 'architected', waiting: 'poll' }, /waiting/],
    [
      { notification: 'exit', waiting: 'hold', woken: 'goes-on' },
      /woken: goes-on has no effect: nobody is woken; say waiting=condition, or leave it out/,
    ],
    [{ notification: 'exit', waiting: 'hold', fallback: 'reboot' }, /fallback: reboot has no effect: nobody looks/],
    [{ notification: 'hcall' }, /waiting/],
    [{}, /notification/],
  ])('refuse what makes no sense: %j', (options, message) => {
    expect(() => delivery(options as never)).toThrow(
      expect.objectContaining({ code: 'PLUGIN_BAD_OPTION', message: expect.stringMatching(message) }),
    );
  });

  it('say none where there is no scratch register', () => {
    expect(delivery({ notification: 'exit', waiting: 'hold' }).options).toMatchObject({ scratch: 'none' });
  });
});

describe('the architected interrupt', () => {
  it('is taken, and no more: no interlock, no log, nothing left pending', () => {
    const set = stage(delivery({ notification: 'architected' }));
    set.strike(0);
    expect([set.vcpus[0].nip, set.fwnmi.interlock.holder]).toEqual([0x200, -1]);
    expect(set.hypervisor.checks.pending(0)).toBeUndefined();
    expect(set.machine.ram.readU32(0x200, 'big')).toBe(0);
  });
});

describe('a vector that compares', () => {
  /** CR as vCPU 1 finds it in its routine, after so many reports in vain. */
  const crAfter = (retries: number, sampleCr: 'injection' | 'report'): bigint => {
    const set = stage(delivery({ notification: 'hcall', waiting: 'guest-retry', busy: 'cr0', sampleCr }));
    set.vcpus[1].setReg('cr', 0x8123_4567n);
    set.strike(0);
    set.until(0, set.label('routine'));
    set.strike(1);
    for (let i = 0; i < retries; i++) {
      set.until(1, 'hypervisor');
      set.until(1, 0x210);
    }
    set.until(0, set.label('routine') + 16);
    set.until(1, set.label('routine'));
    return set.vcpus[1].reg('cr');
  };

  it('saves its own comparison on a retry, where CR is sampled at the report', () => {
    expect(crAfter(0, 'report')).toBe(0x8123_4567n);
    expect(crAfter(1, 'report')).toBe(0x2123_4567n);
    expect(crAfter(1, 'injection')).toBe(0x8123_4567n);
  });
});
