import { describe, expect, it } from 'vitest';
import { MSR, VECTOR } from '../../state.ts';
import { bench } from '../../testing.ts';

const DATA = 0x2000;
/** CR0 after a store-conditional that stored. */
const STORED = 0x2000_0000n;

/** Two vCPUs: the first executes the source, with r3 at the data and values in r4 and r5. */
function pairBench(source: string, endian: 'big' | 'little' = 'big') {
  const made = bench(source, { vcpus: 2, endian });
  if (endian === 'little') made.vcpu.setReg('msr', MSR.SF | MSR.ME | MSR.LE);
  made.vcpu.setGpr(3, BigInt(DATA));
  made.vcpu.setGpr(4, 0x11n);
  made.vcpu.setGpr(5, 0x22n);
  return made;
}

describe('quadwords', () => {
  it.each(['big', 'little'] as const)('have the more significant half in the even register (%s)', (endian) => {
    const { machine, vcpu } = pairBench('stq 4,0(3)\nlq 6,0(3)\nlqarx 8,0,3\nstqcx. 4,0,3', endian);
    vcpu.run(4);
    const [first, second] = [0, 8].map((at) => machine.ram.readU64(DATA + at, endian));
    expect([first, second]).toEqual(endian === 'big' ? [0x11n, 0x22n] : [0x22n, 0x11n]);
    expect([6, 7, 8, 9].map((n) => vcpu.gpr(n))).toEqual([0x11n, 0x22n, 0x11n, 0x22n]);
    expect(vcpu.reg('cr')).toBe(STORED);
  });

  it('are one access to whoever watches', () => {
    const { machine, processor, vcpu } = pairBench('stq 4,0(3)\nlq 6,0(3)');
    const heard: unknown[] = [];
    for (const kind of ['load', 'store'] as const) {
      processor.watch({ kind, start: DATA, end: DATA + 16 });
      machine.bus.on(kind, ({ address, size }) => heard.push([kind, address, size]));
    }
    vcpu.run(2);
    expect(heard).toEqual([
      ['store', DATA, 16],
      ['load', DATA, 16],
    ]);
  });

  it('that end beyond RAM leave memory and registers alone', () => {
    const { machine, vcpu } = pairBench('stq 4,0(3)');
    const end = machine.ram.size;
    vcpu.setGpr(3, BigInt(end - 8));
    vcpu.run(1);
    expect([vcpu.nip, machine.ram.readU64(end - 8, 'big')]).toEqual([VECTOR.dataStorage, 0n]);
  });

  it.each([
    ['is stored under its reservation', 'lqarx 6,0,3\nstqcx. 4,0,3', STORED],
    ['is not under a doubleword’s', 'ldarx 6,0,3\nstqcx. 4,0,3', 0n],
    ['lends its reservation to no doubleword', 'lqarx 6,0,3\nstdcx. 4,0,3', 0n],
    ['nor to the byte beside it', 'lqarx 6,0,3\naddi 3,3,1\nstbcx. 4,0,3', 0n],
  ])('%s', (_, source, cr) => {
    const { vcpu } = pairBench(source);
    vcpu.run(3);
    expect(vcpu.reg('cr')).toBe(cr);
  });

  it('lose their reservation to another vCPU', () => {
    const { processor, vcpu } = pairBench('lqarx 6,0,3\nstqcx. 4,0,3\nstb 4,8(3)');
    vcpu.run(1);
    const other = processor.vcpus[1];
    if (!other) throw new Error('no second vCPU');
    other.setGpr(3, BigInt(DATA));
    other.nip = 0x1008;
    other.run(1);
    vcpu.run(1);
    expect(vcpu.reg('cr')).toBe(0n);
  });

  it.each(['lqarx 6,0,3', 'stqcx. 4,0,3'])('%s wants a multiple of 16', (source) => {
    const { vcpu } = pairBench(source);
    vcpu.setGpr(3, BigInt(DATA + 8));
    vcpu.run(1);
    expect([vcpu.nip, vcpu.reg('dar')]).toEqual([VECTOR.alignment, BigInt(DATA + 8)]);
  });
});
