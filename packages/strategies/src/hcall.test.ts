import { describe, expect, it } from 'vitest';
import { hcallBusy } from './hcall-busy.ts';
import { stage } from './testing.ts';

describe('the vector', () => {
  it('is what it says, word by word', () => {
    const { machine, label } = stage(hcallBusy());
    const words = Array.from({ length: 14 }, (_, i) => machine.ram.readU32(0x200 + 4 * i, 'big').toString(16));
    expect(words.slice(0, 5)).toEqual(['7c7243a6', '38600000', '6063f004', '44000022', '4bfffff4']);
    expect(words[13]).toBe((0x48000002 | label('routine')).toString(16));
  });

  it('is written in the byte order in which interrupts are taken', () => {
    const { machine } = stage(hcallBusy(), { endian: 'little' });
    expect(machine.ram.readU32(0x200, 'little')).toBe(0x7c7243a6);
  });

  it('never takes a refusal for a buffer: entered without a check it goes round', () => {
    const set = stage(hcallBusy());
    const [vcpu] = set.vcpus;
    vcpu.setReg('nip', 0x200n);
    set.until(0, 0x210);
    expect(BigInt.asIntN(64, vcpu.gpr(3))).toBe(-2n);
    set.until(0, 0x204);
    expect(set.fwnmi.interlock.holder).toBe(-1);
  });
});

describe('the report call', () => {
  it('answers H_FUNCTION before somebody has registered', () => {
    const set = stage(hcallBusy(), { registers: false });
    set.strike(0);
    const [vcpu] = set.vcpus;
    set.machine.ram.writeU32(0x200, 0x44000022, 'big');
    vcpu.setGpr(3, 0xf004n);
    set.until(0, 0x204);
    expect([BigInt.asIntN(64, vcpu.gpr(3)), set.fwnmi.interlock.holder]).toEqual([-2n, -1]);
  });
});

describe('the options', () => {
  it('give the report call another number', () => {
    const set = stage(hcallBusy({ hcall: 0xf123 }));
    set.strike(0);
    set.until(0, set.label('routine'));
  });

  it.each([{ hcall: 0x10000 }, { scratch: 'r4' }, { sample: 'never' }, { vector: 1 }])('refuse %j', (options) => {
    expect(() => hcallBusy(options as never)).toThrow(expect.objectContaining({ code: 'PLUGIN_BAD_OPTION' }));
  });

  it("sample: 'report' finds SRR0 and SRR1 as sc left them", () => {
    const set = stage(hcallBusy({ sample: 'report' }));
    set.strike(0);
    set.until(0, set.label('routine'));
    expect(set.vcpus[0].reg('srr0')).toBe(0x210n);
  });

  it("frame: 'log' destroys the log", () => {
    const set = stage(hcallBusy({ frame: 'log' }));
    set.strike(0);
    set.until(0, set.label('routine'));
    expect(set.vcpus[0].reg('srr0')).not.toBe(BigInt(set.label('work')));
  });

  it("interlock: 'none' lets two reports write one log", () => {
    const set = stage(hcallBusy({ interlock: 'none' }));
    set.strike(0);
    set.until(0, set.label('routine'));
    set.strike(1);
    set.until(1, set.label('routine'));
    expect(set.fwnmi.interlock.holder).toBe(-1);
  });
});
