import { describe, expect, it } from 'vitest';
import { HCALL } from './hcall-numbers.ts';
import { bench, FUNCTION } from './testing.ts';

const SUCCESS = 0n;
const HARDWARE = -1n;
const PARAMETER = -4n;
const RESOURCE = -16n;

const VPA = 0x4000;
const DTL = 0x5000;
const SLB = 0x6000;

/** Two vCPUs; calls of vCPU 0, for itself unless said otherwise. */
const made = () => {
  const bed = bench({ vcpus: 2 });
  bed.size(VPA, 640, 'vpa');
  bed.size(DTL, 96);
  bed.size(SLB, 8);
  const call = (name: keyof typeof FUNCTION, address = 0, vcpu = 0) =>
    bed.call(0, HCALL.H_REGISTER_VPA, FUNCTION[name], BigInt(vcpu), BigInt(address));
  return { ...bed, call };
};

describe('registering a VPA', () => {
  it.each([
    ['a page’s last 640 bytes', 0x4d80, 640, SUCCESS],
    ['more than the least', VPA, 1024, SUCCESS],
    ['too small', VPA, 639, PARAMETER],
    ['across a page', 0x4e00, 640, PARAMETER],
    ['not on a cache line', 0x4040, 640, PARAMETER],
    ['at the end of RAM, where its size is not', 0x1_0000, 640, PARAMETER],
    ['at 0', 0, 640, HARDWARE],
  ])('%s', (_what, address, size, answer) => {
    const { call, size: fill, writes } = made();
    if (address < 0x1_0000) fill(address, size, 'vpa');
    expect(call('registerVpa', address)).toBe(answer);
    expect(writes).toEqual(answer === SUCCESS ? [`vcpu0 VPA 0x${(address + 9).toString(16)}+1`] : []);
  });

  it('says in it that the processor is shared, and keeps the other bits', () => {
    const { call, machine } = made();
    machine.ram.writeBytes(VPA + 8, Uint8Array.of(0x11, 0x81, 0x22));
    call('registerVpa', VPA);
    expect([...machine.ram.readBytes(VPA + 8, 3)]).toEqual([0x11, 0x83, 0x22]);
  });

  it('is for the vCPU that r5 says, and the last one wins', () => {
    const { call, size, cede, writes } = made();
    size(0x4400, 640, 'vpa');
    call('registerVpa', VPA, 1);
    call('registerVpa', 0x4400, 1);
    writes.length = 0;
    cede(0);
    cede(1);
    expect(writes).toEqual(['vcpu1 VPA 0x4500+4']);
  });

  it('refuses addresses beyond what a number counts exactly', () => {
    expect(made().call('registerVpa', 2 ** 60)).toBe(PARAMETER);
  });
});

describe('registering what needs a VPA', () => {
  it.each([
    ['registerDtl', DTL, 48, SUCCESS],
    ['registerDtl', DTL, 47, PARAMETER],
    ['registerDtl', 0x5fe0, 48, SUCCESS],
    ['registerDtl', 0xff00, 0x1000, PARAMETER],
    ['registerDtl', 0, 48, HARDWARE],
    ['registerSlbShadow', SLB, 8, SUCCESS],
    ['registerSlbShadow', SLB, 7, PARAMETER],
    ['registerSlbShadow', 0x6ff8, 9, PARAMETER],
    ['registerSlbShadow', 0, 8, HARDWARE],
  ] as const)('%s at %i, %i bytes, answers %i', (name, address, size, answer) => {
    const { call, size: fill, writes } = made();
    call('registerVpa', VPA);
    writes.length = 0;
    fill(address, size);
    expect(call(name, address)).toBe(answer);
    expect(writes).toEqual([]);
  });

  it.each([
    ['registerDtl', DTL],
    ['registerSlbShadow', SLB],
  ] as const)('%s comes behind it', (name, address) => {
    const { call } = made();
    expect(call(name, address)).toBe(RESOURCE);
    call('registerVpa', VPA, 1); // another's is no help
    expect(call(name, address)).toBe(RESOURCE);
    call('registerVpa', VPA);
    expect(call(name, address)).toBe(SUCCESS);
  });
});

describe('deregistering', () => {
  it.each([
    ['registerDtl', 'deregisterDtl', DTL],
    ['registerSlbShadow', 'deregisterSlbShadow', SLB],
  ] as const)('a VPA waits for what %s left', (register, deregister, address) => {
    const { call } = made();
    call('registerVpa', VPA);
    call(register, address);
    expect(call('deregisterVpa', VPA)).toBe(RESOURCE);
    expect(call(deregister, address)).toBe(SUCCESS);
    expect(call('deregisterVpa', VPA)).toBe(SUCCESS);
  });

  it('always succeeds where there is nothing, and ends the writes', () => {
    const { call, cede, wake, writes } = made();
    for (const name of ['deregisterSlbShadow', 'deregisterDtl', 'deregisterVpa'] as const)
      expect(call(name, 0)).toBe(SUCCESS);
    call('registerVpa', VPA);
    call('registerDtl', DTL);
    call('deregisterDtl', DTL);
    call('deregisterVpa', VPA);
    writes.length = 0;
    cede(0);
    wake(0);
    expect(writes).toEqual([]);
  });
});

describe('H_REGISTER_VPA', () => {
  it.each([
    ['no sub-function', 0n, 0n],
    ['the one that is not there', 0x8000_0000_0000n, 0n],
    ['one with other bits', 0x2000_0000_0001n, 0n],
    ['one with bits above', 0x1_2000_0000_0000n, 0n],
    ['no such vCPU', 0x2000_0000_0000n, 2n],
  ])('refuses %s', (_what, flags, vcpu) => {
    const bed = bench({ vcpus: 2 });
    bed.size(VPA, 640, 'vpa');
    expect(bed.call(0, HCALL.H_REGISTER_VPA, flags, vcpu, BigInt(VPA))).toBe(PARAMETER);
    expect(bed.writes).toEqual([]);
  });
});
