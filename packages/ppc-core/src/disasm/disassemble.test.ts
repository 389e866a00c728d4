import { describe, expect, it } from 'vitest';
import { disassemble } from './disassemble.ts';

describe('disassemble', () => {
  it('prints extended mnemonics, or basic ones when asked', () => {
    expect(disassemble(0x38600005)).toBe('li r3,5');
    expect(disassemble(0x38600005, 0, { raw: true })).toBe('addi r3,0,5');
  });

  it('prints targets as addresses, with the label at or before them', () => {
    const symbols = new Map([
      ['far', 0x2000],
      ['loop', 0x100],
      ['start', 0],
    ]);
    expect(disassemble(0x4bfffffc, 0x104)).toBe('b 0x100');
    expect(disassemble(0x4bfffffc, 0x104, { symbols })).toBe('b 0x100 <loop>');
    expect(disassemble(0x4bfffffc, 0x10c, { symbols })).toBe('b 0x108 <loop+0x8>');
    expect(disassemble(0x4bfffffc, 0)).toBe('b 0xfffffffffffffffc');
    expect(disassemble(0x48000102, 0x5000, { symbols })).toBe('ba 0x100 <loop>');
  });

  it('prints data for what is no instruction, and for reserved bits', () => {
    expect(disassemble(0)).toBe('.long 0x0');
    expect(disassemble(0xffffffff)).toBe('.long 0xffffffff');
    expect(disassemble(0x4c00012c)).toBe('isync');
    expect(disassemble(0x4c20012c)).toBe('.long 0x4c20012c');
  });

  it('takes words as signed numbers too', () => {
    expect(disassemble(0xe8610008 | 0)).toBe('ld r3,8(r1)');
  });
});
