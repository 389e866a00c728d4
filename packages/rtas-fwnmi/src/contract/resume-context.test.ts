import { assemble, MSR, type Vcpu } from '@checkstop/ppc-core';
import { describe, expect, it } from 'vitest';
import { complain, ROUTINE, RUNNING, struck, WORK } from './spoilt.fixture.ts';

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

  it.each([
    ['private', 1],
    ['shared', 0],
  ] as const)('compares SPRG2 as the profile has it: %s', (sprg2, complaints) => {
    expect(complain({ options: { sprg2 }, exit: (vcpu) => vcpu.setReg('sprg2', 5n) })).toHaveLength(complaints);
  });

  it('compares nothing where RI was 0, which is noFalseResume’s', () => {
    const exit = (vcpu: Vcpu) => vcpu.setReg('srr0', BigInt(WORK + 4));
    expect(complain({ msr: MSR.SF | MSR.ME, exit })).toEqual([expect.stringMatching(/^noFalseResume/)]);
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

describe('a system reset that the registered routine returns from', () => {
  const RESET = 0x3000;
  const returned = (msr: bigint, exit: (vcpu: Vcpu) => void = () => {}) => {
    const { machine, vcpu, complaints } = struck();
    const hypervisor = machine.use('hypervisor');
    machine.ram.writeBytes(RESET, assemble('rfid', { origin: RESET, endian: 'big' }).bytes);
    machine.step(0);
    hypervisor.start(0, { nip: WORK, r3: 0n, ile: false });
    vcpu.setReg('msr', msr);
    hypervisor.resets.latch(0);
    expect(vcpu.nip).toBe(RESET);
    vcpu.setGpr(3, 0n);
    exit(vcpu);
    machine.step(0);
    return complaints;
  };

  it('is judged like a check', () => {
    expect(returned(RUNNING)).toEqual([]);
    expect(returned(RUNNING, (vcpu) => vcpu.setReg('ctr', 5n))).toEqual([
      expect.stringMatching(/^resumeContext: CTR is 0x5/),
    ]);
    expect(returned(MSR.SF | MSR.ME)).toEqual([expect.stringMatching(/^noFalseResume/)]);
  });
});

describe('noFalseResume', () => {
  it.each([
    [false, [expect.stringMatching(/^noFalseResume: a recovered check was dropped at 0x5000/)]],
    [true, []],
  ])('sees a check that is dropped where RI was 0: it was %s', (recoverable, said) => {
    const { machine, complaints } = struck();
    machine.bus.emit('checkDropped', { agent: 0, nip: BigInt(WORK), recoverable });
    expect(complaints).toEqual(said);
  });

  it('sees a return to where RI was 0', () => {
    expect(complain({ msr: MSR.SF | MSR.ME })).toEqual([expect.stringMatching(/^noFalseResume: resumed at 0x5000/)]);
  });
});
