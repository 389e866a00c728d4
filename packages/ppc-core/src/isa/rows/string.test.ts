import { describe, expect, it } from 'vitest';
import { MSR, VECTOR } from '../../state.ts';
import { bench } from '../../testing.ts';

const RAM = 65536;
const DATA = 0x2000;

/** A vCPU whose r4 points to the bytes 1, 2, 3 and so on. */
function counting(source: string, endian: 'big' | 'little' = 'big') {
  const made = bench(source, { ram: RAM, endian });
  made.machine.ram.writeBytes(
    DATA,
    Uint8Array.from({ length: 128 }, (_, index) => index + 1),
  );
  for (let n = 0; n < 32; n++) made.vcpu.setGpr(n, -1n);
  made.vcpu.setGpr(4, BigInt(DATA));
  return made;
}

describe('strings', () => {
  it('go from r31 on to r0, and are filled up with zeros', () => {
    const { vcpu } = counting('lswi 31,4,7');
    vcpu.run(1);
    expect([vcpu.gpr(31), vcpu.gpr(0)]).toEqual([0x0102_0304n, 0x0506_0700n]);
    expect(vcpu.gpr(1)).toBe(0xffff_ffff_ffff_ffffn);
  });

  it('are not loaded into the registers that their address comes from', () => {
    const { vcpu } = counting('lswi 3,4,12\nlswx 3,4,5');
    vcpu.run(1);
    expect([vcpu.gpr(3), vcpu.gpr(4), vcpu.gpr(5)]).toEqual([0x0102_0304n, BigInt(DATA), 0x090a_0b0cn]);
    vcpu.setGpr(5, 16n);
    vcpu.setReg('xer', 12n);
    vcpu.run(1);
    expect([vcpu.gpr(3), vcpu.gpr(4), vcpu.gpr(5)]).toEqual([0x1112_1314n, BigInt(DATA), 16n]);
  });

  it.each(['lswx 6,0,4', 'stswx 6,0,4'])(
    '%s is an alignment interrupt in little-endian mode if there are bytes',
    (text) => {
      const { machine, vcpu } = counting(`${text}\n${text}`, 'little');
      vcpu.setReg('msr', MSR.SF | MSR.ME | MSR.LE);
      vcpu.run(1);
      expect([vcpu.nip, vcpu.gpr(6), machine.ram.readBytes(DATA, 1)[0]]).toEqual([0x1004, 0xffff_ffff_ffff_ffffn, 1]);
      vcpu.setReg('xer', 1n);
      vcpu.run(1);
      expect([vcpu.nip, vcpu.reg('dar')]).toEqual([VECTOR.alignment, BigInt(DATA)]);
    },
  );

  it('are stored as far as there is RAM, and not a byte further', () => {
    const { machine, vcpu } = counting('stswi 8,4,7');
    vcpu.setGpr(4, BigInt(RAM - 6));
    vcpu.run(1);
    expect([vcpu.nip, vcpu.reg('srr0'), vcpu.reg('dar')]).toEqual([VECTOR.dataStorage, 0x1000n, BigInt(RAM)]);
    expect(machine.ram.readBytes(RAM - 7, 7)).toEqual(Uint8Array.of(0, 255, 255, 255, 255, 255, 255));
  });
});
