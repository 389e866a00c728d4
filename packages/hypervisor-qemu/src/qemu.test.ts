import { createMachine } from '@checkstop/kernel';
import { assemble, MSR, ppc64 } from '@checkstop/ppc-core';
import { describe, expect, it } from 'vitest';
import { qemu } from './qemu.ts';

/** A machine whose vCPU 0 runs `source` at 0x1000; the others wait to be started. */
function boot(source: string, options: Parameters<typeof qemu>[0] = {}) {
  const machine = createMachine({ plugins: [ppc64(), qemu(options)] });
  machine.ram.writeBytes(0x1000, assemble(source, { origin: 0x1000, endian: 'big' }).bytes);
  machine.use('hypervisor').start(0, { nip: 0x1000, r3: 0n, ile: false });
  return { machine, vcpus: machine.use('processor').vcpus, hypervisor: machine.use('hypervisor') };
}

const call = (number: number) => `li 3,0\n ori 3,3,${number}\n li 4,1\n li 5,2\n li 6,0\n li 7,0\n sc 1`;
const INSTRUCTIONS = 7;

describe('the pseries machine', () => {
  it('has as many vCPUs as it is told, all but started ones stopped, and 64 KiB', () => {
    const { machine, hypervisor, vcpus } = boot('nop', { vcpus: 8 });
    expect(machine.agents.length).toBe(8);
    expect(machine.ram.size).toBe(65536);
    expect(machine.alternatives().map(({ agent }) => agent)).toEqual([0]);
    expect(hypervisor.mode(7)).toBe('stopped');
    expect(vcpus[0].reg('msr')).toBe(MSR.SF | MSR.ME);
  });

  /** PAPR's numbers, and QEMU's own for the RTAS stub. */
  const ROWS: Readonly<Record<number, readonly [name: string, result: number]>> = {
    36: ['H_SET_SPRG0', 0],
    220: ['H_REGISTER_VPA', -4],
    224: ['H_CEDE', 0],
    796: ['H_SET_MODE', 0],
    896: ['H_SIGNAL_SYS_RESET', 0],
    61440: ['RTAS', -4],
  };

  it.each(Object.entries(ROWS))('knows hypercall %s', (number, [name, result]) => {
    const { machine, vcpus } = boot(call(Number(number)));
    const told: string[] = [];
    machine.bus.on('hcall', (event) => told.push(event.name));
    for (let i = 0; i < INSTRUCTIONS + 2; i++) machine.step(0);
    expect([told, BigInt.asIntN(64, vcpus[0].gpr(3))]).toEqual([[name], BigInt(result)]);
  });

  it('knows no other number, with whatever above its 32 bits', () => {
    const { hypervisor } = boot('nop');
    const known = (number: bigint) => hypervisor.hcalls.find(number).name !== 'unbound hcall';
    const all = [...Array(0x1_0000).keys()].filter((number) => known(BigInt(number)));
    expect(all).toEqual(Object.keys(ROWS).map(Number));
    expect(
      all.some((number) => known(BigInt(number) | (1n << 32n)) || known(BigInt.asUintN(64, ~BigInt(number)))),
    ).toBe(false);
  });

  it.each(['unfair', 'fifo'] as const)('has a BQL that is %s, as told', (bql) => {
    expect(boot('nop', { bql }).machine.use('exitLock').order).toBe(bql);
  });

  it('starts a vCPU in the byte order of interrupts that it is given', () => {
    const { hypervisor, vcpus } = boot('nop');
    hypervisor.start(1, { nip: 0x1000, r3: 0n, ile: true });
    expect(vcpus.map((vcpu) => vcpu.reg('ile'))).toEqual([0n, 1n]);
  });

  it('takes the BQL for every hypercall, known or not, and shows who holds it', () => {
    const { machine, vcpus } = boot(call(0x2c));
    for (let i = 0; i < INSTRUCTIONS; i++) machine.step(0);
    expect(machine.describeAgent(0)).toBe('unbound hcall: answer (waits for BQL)');
    machine.step(0);
    expect(machine.lanes.map((lane) => [lane.name, lane.value()])).toEqual([['BQL', 'vcpu0']]);
    machine.step(0);
    expect(machine.use('exitLock').holder).toBe(-1);
    expect(BigInt.asIntN(64, vcpus[0].gpr(3))).toBe(-2n);
  });

  it.each([
    [{ vcpus: 9 }],
    [{ vcpus: 0 }],
    [{ ram: 1000 }],
    [{ bql: 'big' as never }],
    [{ counterWrap: 3 }],
    [{ vCpus: 2 } as never],
  ])('refuses %j', (options) => {
    expect(() => qemu(options)).toThrow(expect.objectContaining({ code: 'PLUGIN_BAD_OPTION' }));
  });
});
