import { checkDeterminism, seededRandom } from '@checkstop/kernel';
import { describe, expect, it } from 'vitest';
import { HCALL } from './hcall-numbers.ts';
import { bench, FUNCTION, IDLE, RESETS } from './testing.ts';

const VPA = 0x4000;
const DTL = 0x5000;
const COUNT = VPA + 0x100;
const INDEX = VPA + 0x218;

const made = (options: Parameters<typeof bench>[0] = {}, entries = 2) => {
  const bed = bench({ vcpus: 2, ...options });
  bed.size(VPA, 640, 'vpa');
  bed.size(DTL, entries * 48 + 47); // the rest is no entry
  const register = (name: keyof typeof FUNCTION, address: number) =>
    bed.call(0, HCALL.H_REGISTER_VPA, FUNCTION[name], 0n, BigInt(address));
  register('registerVpa', VPA);
  bed.writes.length = 0;
  return {
    ...bed,
    register,
    count: () => bed.machine.ram.readU32(COUNT, 'big'),
    index: () => bed.machine.ram.readU64(INDEX, 'big'),
    entry: (n: number) => Buffer.from(bed.machine.ram.readBytes(DTL + 48 * n, 48)).toString('hex'),
  };
};

describe('the yield count', () => {
  it('is odd while the vCPU is ceded and even while it is dispatched', () => {
    const { cede, wake, count, writes } = made({ counterWrap: 1024 });
    const seen = [count()];
    for (let i = 0; i < 3; i++) {
      cede(0);
      seen.push(count());
      wake(0);
      seen.push(count());
    }
    expect(seen).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(writes).toEqual(Array(6).fill('vcpu0 VPA 0x4100+4'));
  });

  it('wraps at its bound, with its parity', () => {
    const { cede, wake, count } = made({ counterWrap: 4 });
    const seen = [];
    for (let i = 0; i < 3; i++) {
      cede(0);
      seen.push(count());
      wake(0);
      seen.push(count());
    }
    expect(seen).toEqual([1, 2, 3, 0, 1, 2]);
  });

  it.each([
    [7, [9, 10]],
    [8, [9, 10]],
    [1023, [1, 2]],
    [0xffff_ffff, [1, 2]],
  ])('that the guest set to %i goes on with the right parity', (start, expected) => {
    const { cede, wake, count, machine } = made({ counterWrap: 1024 });
    machine.ram.writeU32(COUNT, start, 'big');
    cede(0);
    const ceded = count();
    wake(0);
    expect([ceded, count()]).toEqual(expected);
  });

  it('stands still over hypercalls, and is no business of a vCPU without a VPA', () => {
    const { call, cede, wake, count, writes } = made();
    call(0, HCALL.H_SET_SPRG0, 5n);
    cede(1);
    wake(1);
    expect([count(), writes]).toEqual([0, []]);
  });
});

describe('the dispatch trace log', () => {
  it('gets an entry a dispatch, before the index says so', () => {
    const { register, cede, machine, until, vcpus, index, entry, writes } = made();
    register('registerDtl', DTL);
    cede(0);
    vcpus[0].setReg('tb', 0x1122n);
    writes.length = 0;
    machine.use('hypervisor').resets.latch(0);
    const steps: unknown[] = [];
    while (machine.use('hypervisor').mode(0) !== 'guest') {
      steps.push([machine.describeAgent(0), writes.at(-1), Number(index())]);
      machine.step(0);
    }
    expect(steps).toEqual([
      ['dispatch: yield count', undefined, 0],
      ['dispatch: trace', 'vcpu0 VPA 0x4100+4', 0],
      ['dispatch: index', 'vcpu0 dispatch trace log 0x5000+48', 0],
    ]);
    expect([writes.at(-1), index()]).toEqual(['vcpu0 VPA 0x4218+8', 1n]);
    // Time slice; processor 0; the timebase; where the cede goes on, with EE=1: before the reset that woke it.
    expect(entry(0)).toBe(
      `0700000000000000${'0'.repeat(16)}0000000000001122${'0'.repeat(16)}0000000000001108${'8000000000009000'}`,
    );
    expect(vcpus[0].reg('srr0')).toBe(0x1108n);
    until(0, 'guest');
  });

  it('is a ring, and the index wraps with whole rings only', () => {
    const { register, cede, wake, index, writes } = made({ counterWrap: 2 }, 3);
    register('registerDtl', DTL);
    const seen: bigint[] = [];
    for (let i = 0; i < 7; i++) {
      cede(0);
      wake(0);
      seen.push(index());
    }
    expect(seen).toEqual([1n, 2n, 3n, 4n, 5n, 0n, 1n]);
    const places = writes.filter((write) => write.includes('dispatch trace')).map((write) => write.split(' ').at(-1));
    expect(places).toEqual(
      [0x5000, 0x5030, 0x5060, 0x5000, 0x5030, 0x5060, 0x5000].map((at) => `0x${at.toString(16)}+48`),
    );
  });

  it('begins at its first entry when it is registered again', () => {
    const { register, size, cede, wake, index, writes } = made();
    register('registerDtl', DTL);
    cede(0);
    wake(0);
    expect(register('registerDtl', DTL)).toBe(-4n); // the first entry lies where the size was: guests fill it in anew
    size(DTL, 96);
    register('registerDtl', DTL);
    writes.length = 0;
    cede(0);
    wake(0);
    expect([index(), writes[2]]).toEqual([1n, 'vcpu0 dispatch trace log 0x5000+48']);
  });

  it.each([
    ['yield count', []],
    ['trace', ['vcpu0 VPA 0x4100+4']],
    ['index', ['vcpu0 VPA 0x4100+4', 'vcpu0 dispatch trace log 0x5000+48']],
  ])('and VPA that another vCPU gives back before the step %s are left alone', (step, expected) => {
    const { register, cede, call, machine, until, writes } = made();
    register('registerDtl', DTL);
    cede(0);
    writes.length = 0;
    machine.use('hypervisor').resets.latch(0);
    while (machine.describeAgent(0) !== `dispatch: ${step}`) machine.step(0);
    for (const name of ['deregisterDtl', 'deregisterVpa'] as const)
      expect(call(1, HCALL.H_REGISTER_VPA, FUNCTION[name], 0n, 0n)).toBe(0n);
    until(0, 'guest');
    expect(writes).toEqual(expected);
  });
});

describe('a write', () => {
  it('is stale when another kernel has taken over and not registered the area itself', () => {
    const { register, machine, cede, wake, writes } = made();
    register('registerDtl', DTL);
    machine.bus.emit('kernelReplaced', { agent: 0 });
    cede(0);
    wake(0);
    expect(writes.map((write) => write.endsWith(' stale'))).toEqual([true, true, true, true]);
    writes.length = 0;
    register('registerVpa', VPA);
    cede(0);
    wake(0);
    expect(writes).toEqual([
      'vcpu0 VPA 0x4009+1',
      'vcpu0 VPA 0x4100+4',
      'vcpu0 VPA 0x4100+4',
      'vcpu0 dispatch trace log 0x5030+48 stale',
      'vcpu0 VPA 0x4218+8',
    ]);
  });

  it('is undone with all else', () => {
    const { machine, cede, count } = made();
    const before = machine.arena.mark();
    cede(0);
    expect(count()).toBe(1);
    machine.arena.undo(before);
    expect(count()).toBe(0);
  });

  it('keeps nothing outside the arena', () => {
    const { register, machine, vcpus, writes } = made();
    register('registerDtl', DTL);
    vcpus[0].nip = IDLE;
    vcpus[1].nip = RESETS;
    expect(checkDeterminism(machine, seededRandom(1), 200)).toBe(200);
    expect(new Set(writes).size).toBe(4); // the count, two entries, the index
  });
});
