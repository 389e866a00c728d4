import { assemble, MSR, type Vcpu } from '@checkstop/ppc-core';
import { describe, expect, it } from 'vitest';
import { complain, ROUTINE, struck, WORK } from './spoilt.fixture.ts';

describe('resumeContext', () => {
  it.each([
    ['NIP', (vcpu: Vcpu) => vcpu.setReg('srr0', BigInt(WORK + 4)), /NIP is 0x5004/],
    ['MSR', (vcpu: Vcpu) => vcpu.setReg('srr1', vcpu.reg('srr1') | MSR.EE), /MSR is/],
    ['r3', (vcpu: Vcpu) => vcpu.setGpr(3, 0xbadn), /r3 is 0xbad/],
    ['CTR', (vcpu: Vcpu) => vcpu.setReg('ctr', 5n), /CTR is 0x5/],
    ['TAR', (vcpu: Vcpu) => vcpu.setReg('tar', 5n), /TAR is 0x5/],
    ['VRSAVE', (vcpu: Vcpu) => vcpu.setReg('vrsave', 5n), /VRSAVE is 0x5/],
    ['SPRG2', (vcpu: Vcpu) => vcpu.setReg('sprg2', 5n), /SPRG2 is 0x5/],
  ] as const)('sees another %s', (_what, exit, words) => {
    expect(complain({ exit })).toEqual([expect.stringMatching(words)]);
  });

  it('leaves out what the guest declares dead', () => {
    expect(complain({ scratch: ['sprg1'], exit: (vcpu) => vcpu.setReg('sprg1', 5n) })).toEqual([]);
  });

  it('sees a reservation that survived', () => {
    const { machine, vcpu, complaints } = struck();
    machine.step(0, 0);
    machine.ram.writeBytes(ROUTINE + 4, assemble('ldarx 5,0,6\n rfid', { origin: ROUTINE, endian: 'big' }).bytes);
    machine.step(0);
    machine.step(0);
    vcpu.setGpr(3, 0x1122n);
    vcpu.setGpr(5, 0n);
    machine.step(0);
    expect(complaints).toEqual([expect.stringMatching(/^resumeContext: a reservation/)]);
  });
});

describe('noFalseResume', () => {
  it('sees a return to where RI was 0', () => {
    expect(complain({ msr: MSR.SF | MSR.ME })).toEqual([expect.stringMatching(/^noFalseResume: resumed at 0x5000/)]);
  });
});
