import { describe, expect, it } from 'vitest';
import { assemble } from './asm/assemble.ts';
import { SPRS } from './isa/sprs.ts';
import { MSR, PROGRAM, VECTOR } from './state.ts';
import { bench } from './testing.ts';

const RAM = 65536;

describe('at the end of RAM', () => {
  it('dcbz zeroes the last block, and none behind it', () => {
    const { machine, vcpu } = bench('dcbz 0,3\ndcbz 0,4');
    machine.ram.writeBytes(RAM - 256, new Uint8Array(256).fill(1));
    vcpu.setGpr(3, BigInt(RAM - 1));
    vcpu.setGpr(4, BigInt(RAM));
    vcpu.run(2);
    expect(vcpu.nip).toBe(VECTOR.dataStorage);
    expect(machine.ram.readBytes(RAM - 256, 256)).toEqual(new Uint8Array(256).fill(1, 0, 128));
    expect(machine.arena.u8.slice(machine.arena.layout.end).some((byte) => byte !== 0)).toBe(false);
  });

  it('stmw stores the words that fit, then is interrupted at its own address', () => {
    const { machine, vcpu } = bench('stmw 28,0(3)');
    for (let n = 28; n < 32; n++) vcpu.setGpr(n, BigInt(n));
    vcpu.setGpr(3, BigInt(RAM - 8));
    vcpu.run(1);
    expect([vcpu.nip, vcpu.reg('srr0'), vcpu.reg('dar')]).toEqual([VECTOR.dataStorage, 0x1000n, BigInt(RAM)]);
    expect(machine.ram.readU64(RAM - 8, 'big')).toBe(0x1c_0000_001dn);
  });

  it.each(['lwarx 5,0,3', 'stwcx. 5,0,3'])('%s is told of its alignment first', (source) => {
    const { vcpu } = bench(source);
    vcpu.setGpr(3, BigInt(RAM - 2));
    vcpu.run(1);
    expect(vcpu.nip).toBe(VECTOR.alignment);
  });
});

describe('code that changes itself', () => {
  it.each([true, false])('at the end of a page of ownership executes what it wrote (logging: %s)', (logging) => {
    const { machine, vcpu } = bench('stw 5,0(4)\nli 3,1', { origin: 0x10fc });
    machine.arena.logging = logging;
    vcpu.run(2);
    expect(vcpu.gpr(3)).toBe(1n);
    vcpu.setGpr(4, 0x1100n);
    vcpu.setGpr(5, BigInt(assemble('li 3,2').words[0] ?? 0));
    vcpu.nip = 0x10fc;
    vcpu.run(2);
    expect(vcpu.gpr(3)).toBe(2n);
  });

  it('across two words at once executes both', () => {
    const { vcpu } = bench('std 5,0(4)\n.long 0\n.long 0', { origin: 0x10f8 });
    vcpu.setGpr(4, 0x10fcn);
    const [first, second] = assemble('li 3,2\nli 6,3').words as [number, number];
    vcpu.setGpr(5, (BigInt(first) << 32n) | BigInt(second));
    expect(vcpu.run(3)).toEqual({ steps: 3, exit: undefined });
    expect([vcpu.gpr(3), vcpu.gpr(6)]).toEqual([2n, 3n]);
  });
});

describe('rfid', () => {
  it.each([
    [MSR.SF, 0x2003n, 0x2000n],
    [0n, 0xffff_ffff_0000_2001n, 0x2000n],
    [MSR.SF, 0xf000_0000_0000_2002n, 0xf000_0000_0000_2000n],
  ])('with MSR %s to the odd address %s goes to %s', (msr, target, nip) => {
    const { vcpu } = bench('rfid');
    vcpu.setReg('srr0', target);
    vcpu.setReg('srr1', msr);
    vcpu.run(1);
    expect(vcpu.reg('nip')).toBe(nip);
  });

  it('beyond RAM ends in an instruction storage interrupt there', () => {
    const { vcpu } = bench('rfid');
    vcpu.setReg('srr0', 0xffff_ffff_ffff_ffffn);
    vcpu.setReg('srr1', MSR.SF);
    expect(vcpu.run(2).steps).toBe(2);
    expect([vcpu.nip, vcpu.reg('srr0')]).toEqual([VECTOR.instructionStorage, 0xffff_ffff_ffff_fffcn]);
  });
});

describe('every number of a special purpose register', () => {
  const { machine, vcpu } = bench('nop');
  machine.arena.logging = false;
  const outcome = (source: string, mode: bigint): string => {
    machine.ram.writeU32(0x1000, assemble(source).words[0] ?? 0, 'big');
    vcpu.setReg('msr', MSR.SF | MSR.ME | mode);
    vcpu.nip = 0x1000;
    const { exit } = vcpu.run(1);
    if (exit) return exit.kind;
    if (vcpu.nip !== VECTOR.program) return 'executed';
    return vcpu.reg('srr1') & BigInt(PROGRAM.PRIVILEGED) ? 'privileged' : 'other';
  };

  it.each([
    ['read', 'mfspr 3,', [0, 4, 5, 6]],
    ['write', 'mtspr ', [0]],
  ] as const)('is answered as the ISA has it, in each state (%s)', (use, source, illegal) => {
    for (let number = 0; number < 1024; number++) {
      const known = SPRS.find((spr) => spr.number === number && (spr.use === use || spr.use === 'both'));
      const text = source + number + (use === 'write' ? ',3' : '');
      const refused = number & 0x10 ? 'privileged' : 'emulationAssist';
      const inProblem = known?.access === 'problem' ? 'executed' : refused;
      const inPrivileged = (illegal as readonly number[]).includes(number) ? 'emulationAssist' : 'executed';
      expect([text, outcome(text, MSR.PR), outcome(text, 0n), outcome(text, MSR.HV)]).toEqual([
        ...[text, inProblem, inPrivileged, inPrivileged],
      ]);
    }
  });
});
