import { describe, expect, it } from 'vitest';
import { MSR, PROGRAM, VECTOR } from './state.ts';
import { bench } from './testing.ts';

const { SF, HV, ME, EE, PR, IR, DR, RI, LE, FP } = MSR;

describe('interrupts that the guest takes', () => {
  it.each([
    ['sc', VECTOR.systemCall, 4n, 0n],
    ['trap', VECTOR.program, 0n, BigInt(PROGRAM.TRAP)],
    ['tdeqi 3,0', VECTOR.program, 0n, BigInt(PROGRAM.TRAP)],
  ] as const)('%s enters 0x%x', (source, vector, distance, cause) => {
    const { vcpu } = bench(source);
    const msr = SF | ME | EE | FP | RI;
    vcpu.setReg('msr', msr | 0x1_0000_0000n); // and a bit that does not exist, as it may be loaded
    expect(vcpu.run(1)).toEqual({ steps: 1, exit: undefined });
    expect(vcpu.nip).toBe(vector);
    expect(vcpu.reg('srr0')).toBe(0x1000n + distance);
    expect(vcpu.reg('srr1')).toBe(msr | 0x1_0000_0000n | cause);
    expect(vcpu.reg('msr')).toBe(SF | ME);
  });

  it.each(['trap', 'sc 1', '.long 0'])('of %s save no bit of the MSR where causes are told', (source) => {
    const { vcpu } = bench(source);
    const msr = vcpu.reg('msr');
    vcpu.setReg('msr', msr | MSR.SRR1_CAUSE);
    vcpu.run(1);
    expect(vcpu.reg(source === '.long 0' ? 'hsrr1' : 'srr1')).toBe(
      msr | (source === 'trap' ? BigInt(PROGRAM.TRAP) : 0n),
    );
  });

  it('enter with LE=ILE, keep ME and HV, drop all else', () => {
    const { vcpu } = bench('sc');
    vcpu.setReg('ile', 1n);
    vcpu.setReg('msr', HV | EE | RI | IR); // 32-bit mode, ME=0
    vcpu.run(1);
    expect(vcpu.reg('msr')).toBe(SF | HV | LE);
    vcpu.raise(VECTOR.machineCheck, { srr1: 0x0020_0000, me: true });
    expect(vcpu.reg('msr')).toBe(SF | HV | LE | ME);
    expect(vcpu.reg('srr0')).toBe(BigInt(VECTOR.systemCall));
    expect(vcpu.reg('srr1')).toBe(SF | HV | LE | 0x0020_0000n);
    expect(vcpu.nip).toBe(VECTOR.machineCheck);
  });

  it.each([
    ['ld 4,0(3)', 0x0800_0000n],
    ['std 4,0(3)', 0x0a00_0000n],
    ['stdu 4,0(3)', 0x0a00_0000n],
    ['dcbz 0,3', 0x0a00_0000n],
    ['stwcx. 4,0,3', 0x0a00_0000n],
    ['ldarx 4,0,3', 0x0800_0000n],
  ])('%s beyond RAM is a data storage interrupt', (source, dsisr) => {
    const { vcpu, machine } = bench(source);
    for (const wanted of [0x10000n, 0x0fff_ffff_ffff_fff0n, 0xdead_beef_0000_0010n]) {
      vcpu.nip = 0x1000;
      vcpu.setReg('msr', SF | ME);
      vcpu.setGpr(3, wanted);
      vcpu.setGpr(4, 77n);
      vcpu.run(1);
      expect(vcpu.nip).toBe(VECTOR.dataStorage);
      expect(vcpu.reg('dar')).toBe(wanted);
      expect(vcpu.reg('dsisr')).toBe(dsisr);
      expect(vcpu.reg('srr0')).toBe(0x1000n);
      expect([vcpu.gpr(3), vcpu.gpr(4)]).toEqual([wanted, 77n]);
    }
    expect(machine.arena.hash()).toBe(machine.arena.computeHash());
  });

  it('an access that only ends beyond RAM is one, too', () => {
    const { vcpu } = bench('ld 4,0(3)');
    vcpu.setGpr(3, 0xfffcn);
    vcpu.run(1);
    expect([vcpu.nip, vcpu.reg('dar')]).toEqual([VECTOR.dataStorage, 0xfffcn]);
  });

  it('ignore what a real address has above 60 bits', () => {
    const { vcpu } = bench('ld 4,0(3)');
    vcpu.setGpr(3, 0xf000_0000_0000_1000n);
    vcpu.run(1);
    expect(vcpu.gpr(4)).toBe(0xe883_0000_0000_0000n);
  });

  it('a fetch beyond RAM is an instruction storage interrupt, one step each', () => {
    const { vcpu } = bench('nop', { origin: 0xfffc });
    expect(vcpu.run(2).steps).toBe(2);
    expect(vcpu.nip).toBe(VECTOR.instructionStorage);
    expect(vcpu.reg('srr0')).toBe(0x10000n);
    expect(vcpu.reg('srr1')).toBe(SF | ME | 0x0800_0000n);
  });

  it.each(['lwarx 4,0,3', 'ldarx 4,0,3', 'stwcx. 4,0,3', 'stdcx. 4,0,3', 'lharx 4,0,3'])(
    '%s at an odd address is an alignment interrupt',
    (source) => {
      const { vcpu } = bench(source);
      vcpu.setGpr(3, 0x2001n);
      vcpu.setReg('dsisr', 5n);
      vcpu.run(1);
      expect(vcpu.nip).toBe(VECTOR.alignment);
      expect([vcpu.reg('dar'), vcpu.reg('dsisr'), vcpu.reg('srr0')]).toEqual([0x2001n, 5n, 0x1000n]);
    },
  );

  it('lmw is one in little-endian mode', () => {
    const { vcpu } = bench('lmw 30,8(3)', { endian: 'little' });
    vcpu.setGpr(3, 0x2000n);
    vcpu.run(1);
    expect(vcpu.nip).toBe(VECTOR.alignment);
    expect(vcpu.reg('dar')).toBe(0x2008n);
  });

  it.each([
    'mfmsr 3',
    'mtmsrd 3',
    'mtmsr 3',
    'rfid',
    'hrfid',
    'mfsprg 3,1',
    'mtsrr0 3',
    'mfspr 3,1008',
    'mtspr 16,3',
    'slbia',
  ])('%s in problem state is a privileged-instruction program interrupt', (source) => {
    const { vcpu } = bench(source);
    vcpu.setReg('msr', SF | ME | PR);
    vcpu.run(1);
    expect(vcpu.nip).toBe(VECTOR.program);
    expect(vcpu.reg('srr1')).toBe(SF | ME | PR | BigInt(PROGRAM.PRIVILEGED));
    expect(vcpu.gpr(3)).toBe(0n);
  });
});

describe('exits', () => {
  it('sc 1 writes SRR0 and SRR1 before the hypervisor takes a step, and changes nothing else', () => {
    const { vcpu } = bench('sc 1');
    const msr = SF | ME | PR | EE;
    vcpu.setReg('msr', msr | 0x2_0000n);
    expect(vcpu.run(5)).toEqual({ steps: 1, exit: { kind: 'hcall' } });
    expect(vcpu.nip).toBe(0x1004);
    expect([vcpu.reg('srr0'), vcpu.reg('srr1')]).toEqual([0x1004n, msr]);
    expect(vcpu.reg('msr')).toBe(msr | 0x2_0000n);
  });

  it.each([
    ['.long 0', 0],
    ['.long 0x004d4d00', 0x004d4d00],
    ['.long 0x03000200', 0x03000200], // nearly attn
    ['.long 0xffffffff', 0xffffffff],
    ['mfspr 3,0', undefined],
    ['mfspr 3,5', undefined],
    ['mtspr 0,3', undefined],
  ])('%s needs emulation assistance', (source, word) => {
    const { vcpu, machine } = bench(source);
    const encoded = machine.ram.readU32(0x1000, 'big');
    expect(encoded).toBe(word ?? encoded);
    vcpu.setReg('srr0', 7n);
    vcpu.setReg('srr1', 8n);
    expect(vcpu.run(5)).toEqual({ steps: 1, exit: { kind: 'emulationAssist', word: encoded } });
    expect(vcpu.nip).toBe(0x1000);
    expect([vcpu.reg('hsrr0'), vcpu.reg('hsrr1')]).toEqual([0x1000n, SF | ME]);
    expect(vcpu.reg('heir')).toBe(BigInt(encoded));
    expect([vcpu.reg('srr0'), vcpu.reg('srr1'), vcpu.gpr(3)]).toEqual([7n, 8n, 0n]);
  });

  it('an undefined SPR number without spr0 does too in problem state, and is a no-op in privileged state', () => {
    const { vcpu } = bench('mfspr 3,5\nmfspr 3,1007\nmtspr 1007,3\nmtspr 5,3\nmfspr 3,314');
    vcpu.setReg('msr', SF | ME | PR);
    expect(vcpu.run(1).exit).toMatchObject({ kind: 'emulationAssist' });
    vcpu.setReg('msr', SF | ME);
    vcpu.nip = 0x1004;
    vcpu.setGpr(3, 9n);
    expect(vcpu.run(4)).toEqual({ steps: 4, exit: undefined });
    expect([vcpu.nip, vcpu.gpr(3)]).toEqual([0x1014, 9n]);
  });

  it('attn stops at itself', () => {
    const { vcpu } = bench('nop\nattn');
    expect(vcpu.run(5)).toEqual({ steps: 2, exit: { kind: 'attn' } });
    expect(vcpu.nip).toBe(0x1004);
  });
});

describe('the machine state register', () => {
  it('rfid takes what SRR1 says, but not ME, nor HV', () => {
    const { vcpu } = bench('mtsrr0 3\nmtsrr1 4\nrfid');
    vcpu.setGpr(3, 0x2003n);
    vcpu.setGpr(4, 0xffff_ffff_ffff_ffffn & ~(ME | PR));
    vcpu.setReg('msr', SF);
    vcpu.run(3);
    expect(vcpu.nip).toBe(0x2000);
    expect(vcpu.reg('msr')).toBe(MSR.IMPLEMENTED & ~(ME | HV | PR));
    vcpu.setReg('msr', SF | ME);
    vcpu.setGpr(4, 0n);
    vcpu.nip = 0x1000;
    vcpu.run(3);
    expect(vcpu.reg('msr')).toBe(ME);
  });

  it('rfid in hypervisor state takes ME, and may drop HV', () => {
    const { vcpu } = bench('rfid');
    vcpu.setReg('msr', SF | HV);
    vcpu.setReg('srr1', SF | ME | RI);
    vcpu.run(1);
    expect(vcpu.reg('msr')).toBe(SF | ME | RI);
  });

  it('hrfid works in hypervisor state only', () => {
    const { vcpu } = bench('hrfid');
    vcpu.setReg('hsrr0', 0x3000n);
    vcpu.setReg('hsrr1', SF | HV | ME | RI);
    vcpu.setReg('msr', SF | HV);
    vcpu.run(1);
    expect([vcpu.nip, vcpu.reg('msr')]).toEqual([0x3000, SF | HV | ME | RI]);
    vcpu.setReg('msr', SF);
    vcpu.nip = 0x1000;
    vcpu.run(1);
    expect([vcpu.nip, vcpu.reg('srr1')]).toEqual([VECTOR.program, SF | BigInt(PROGRAM.PRIVILEGED)]);
  });

  it('PR brings EE, IR and DR with it', () => {
    const { vcpu } = bench('mtmsrd 3');
    vcpu.setGpr(3, SF | PR);
    vcpu.run(1);
    expect(vcpu.reg('msr')).toBe(SF | ME | PR | EE | IR | DR);
  });

  it.each([
    ['mtmsrd 3', MSR.IMPLEMENTED & ~(HV | LE | PR)],
    ['mtmsr 3', (MSR.IMPLEMENTED & 0xffff_ffffn & ~(LE | PR)) | SF],
  ])('%s sets what it may', (source, expected) => {
    const { vcpu } = bench(source);
    vcpu.setGpr(3, 0xffff_ffff_ffff_ffffn & ~(ME | PR));
    vcpu.run(1);
    expect(vcpu.reg('msr')).toBe(expected | ME);
  });

  it.each(['mtmsrd 3,1', 'mtmsr 3,1'])('%s changes EE and RI, and nothing else', (source) => {
    const [ones, others] = [0xffff_ffff_ffff_ffffn, SF | ME | MSR.FP | MSR.FE1];
    for (const hypervisor of [0n, HV]) {
      for (const [value, before, after] of [
        [ones, others, others | EE | RI],
        [0n, others | EE | RI, others],
        [EE, others | RI, others | EE],
      ] as const) {
        const { vcpu } = bench(source);
        vcpu.setReg('msr', before | hypervisor);
        vcpu.setGpr(3, value);
        vcpu.run(1);
        expect(vcpu.reg('msr')).toBe(after | hypervisor);
      }
    }
  });
});

describe('32-bit mode', () => {
  it('computes addresses modulo 2^32 and compares the low half', () => {
    const { vcpu } = bench('lwz 4,-8(3)\nadd. 5,4,6\naddc 7,8,8\nbdnz .+8');
    vcpu.setReg('msr', ME);
    vcpu.setGpr(3, 0xffff_ffff_0000_1008n);
    vcpu.setGpr(6, 0xffff_ffff_0000_0000n);
    vcpu.setGpr(8, 0x8000_0000n);
    vcpu.setReg('ctr', 0xf_0000_0001n);
    expect(vcpu.run(4).steps).toBe(4);
    expect(vcpu.gpr(4)).toBe(0x8083_fff8n);
    expect(vcpu.gpr(5)).toBe(0xffff_ffff_8083_fff8n);
    expect(vcpu.reg('cr') >> 28n).toBe(8n);
    expect(vcpu.reg('xer')).toBe(0x2004_0000n);
    expect(vcpu.nip).toBe(0x1010);
  });

  it('branches to the low half of an address', () => {
    const { vcpu } = bench('blr');
    vcpu.setReg('msr', ME);
    vcpu.setReg('lr', 0xffff_ffff_0000_3000n);
    vcpu.run(1);
    expect(vcpu.reg('nip')).toBe(0x3000n);
  });
});
