import { MSR } from '@checkstop/ppc-core';
import { describe, expect, it } from 'vitest';
import { illegalInstruction } from './illegal-instruction.ts';
import { type Stage, stage } from './testing.ts';

const ELSEWHERE = 0x3000;

/** Where the special word is executed, with which MSR bits, and whether a check is pending: each makes it no report. */
const forgeries = [
  { why: 'PR=1', option: 'testPr', msr: MSR.PR, nip: 0x200, pending: true },
  { why: 'IR=1', option: 'testIr', msr: MSR.IR, nip: 0x200, pending: true },
  { why: 'another place', option: 'testNip', msr: 0n, nip: ELSEWHERE, pending: true },
  { why: 'nothing pending', option: 'testPending', msr: 0n, nip: 0x200, pending: false },
] as const;

function forge(set: Stage, { msr, nip, pending }: (typeof forgeries)[number]): void {
  const [vcpu] = set.vcpus;
  set.machine.ram.writeU32(ELSEWHERE, 0x004d4d00, 'big');
  if (pending) set.strike(0);
  vcpu.setReg('nip', BigInt(nip));
  vcpu.setReg('msr', vcpu.reg('msr') | msr);
  set.machine.step(0);
}

describe('the special word', () => {
  it('reads the same in both byte orders', () => {
    for (const endian of ['big', 'little'] as const)
      expect(stage(illegalInstruction(), { endian }).machine.ram.readU32(0x200, 'big')).toBe(0x004d4d00);
  });

  it.each(forgeries)('is an illegal instruction like any other with $why', (forgery) => {
    const set = stage(illegalInstruction());
    forge(set, forgery);
    const [vcpu] = set.vcpus;
    expect([vcpu.nip, vcpu.reg('srr1') & MSR.SRR1_CAUSE]).toEqual([0x700, 0x80000n]);
    expect(vcpu.reg('srr0')).toBe(BigInt(forgery.nip));
  });

  it('is no report before somebody has registered', () => {
    const set = stage(illegalInstruction(), { registers: false });
    set.machine.ram.writeU32(0x200, 0x004d4d00, 'big');
    set.strike(0);
    set.until(0, 0x700);
    expect([set.vcpus[0].reg('srr0'), set.fwnmi.interlock.holder]).toEqual([0x200n, -1]);
  });

  it('reports no check that struck before somebody registered', () => {
    const set = stage(illegalInstruction(), { registers: false });
    set.strike(0);
    expect(set.vcpus[0].nip).toBe(0x200);
    set.vcpus[1].nip = set.label('start');
    set.machine.step(1);
    set.until(1, set.label('work'));
    set.until(0, 0x700);
    expect([set.fwnmi.registration?.machineCheck, set.fwnmi.interlock.holder]).toEqual([set.label('routine'), -1]);
  });

  it.each(forgeries)('gets a report through where $option is left out', (forgery) => {
    const set = stage(illegalInstruction({ [forgery.option]: false }));
    forge(set, forgery);
    set.until(0, set.label('routine'));
  });
});
