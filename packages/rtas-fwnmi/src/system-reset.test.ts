import { MSR } from '@checkstop/ppc-core';
import { describe, expect, it } from 'vitest';
import { bench } from './testing.ts';
import { TOKENS } from './tokens.ts';

const END_OF_RTAS_SPACE = 0x1_0000;
const register = [0x3000, 0x4000] as const;

const reset = (options: Parameters<typeof bench>[0], agent: number, routines: readonly number[] = register) => {
  const made = bench(options);
  if (routines.length > 0) made.call(0, TOKENS.NMI_REGISTER, routines, 1);
  const hypervisor = made.machine.use('hypervisor');
  if (agent > 0) hypervisor.start(agent, { nip: 0x1000, r3: 0n, ile: false });
  const vcpu = made.vcpus[agent];
  vcpu.setGpr(3, 0x1122334455667788n);
  vcpu.setReg('nip', 0x2468n);
  hypervisor.resets.latch(agent);
  return { ...made, vcpu };
};

describe('a system reset', () => {
  it.each([0, 1, 2])('of vCPU %i enters the registered routine with r3 in an area of its own', (agent) => {
    const { machine, vcpu } = reset({}, agent);
    const area = END_OF_RTAS_SPACE - 16 * (3 - agent);
    expect([vcpu.nip, vcpu.reg('srr0'), vcpu.reg('msr')]).toEqual([0x3000, 0x2468n, MSR.SF | MSR.ME]);
    expect(vcpu.gpr(3)).toBe(BigInt(area));
    expect([machine.ram.readU64(area, 'big'), machine.ram.readU64(area + 8, 'big')]).toEqual([0x1122334455667788n, 0n]);
  });

  it('enters it with r3 as it was where LoPAR is followed', () => {
    const { machine, vcpu } = reset({ resetR3: 'kept' }, 0);
    expect([vcpu.nip, vcpu.gpr(3)]).toEqual([0x3000, 0x1122334455667788n]);
    expect(machine.ram.readU64(END_OF_RTAS_SPACE - 48, 'big')).toBe(0n);
  });

  it('enters 0x100 while nothing is registered, with r3 as it was', () => {
    const { vcpu } = reset({}, 0, []);
    expect([vcpu.nip, vcpu.gpr(3)]).toEqual([0x100, 0x1122334455667788n]);
  });

  it('enters 0x100 where firmware ignores the routine, whatever its address', () => {
    const { vcpu } = reset({ resetRoutine: 'ignored' }, 0);
    expect([vcpu.nip, vcpu.gpr(3)]).toEqual([0x100, 0x1122334455667788n]);
    expect(bench({ resetRoutine: 'ignored' }).call(0, TOKENS.NMI_REGISTER, [0xffff_0000, 0x4000], 1)).toEqual([0]);
  });

  it('goes to what was registered last, and takes no interlock', () => {
    const made = reset({}, 0);
    made.call(0, TOKENS.NMI_REGISTER, [0x5000, 0x4000], 1);
    made.machine.use('hypervisor').resets.latch(0);
    expect([made.vcpu.nip, made.machine.use('fwnmi').interlock.holder]).toEqual([0x5000, -1]);
  });

  it('keeps its areas free of frames', () => {
    const room = (size: number) => bench({ base: 0xe000, size }).machine.use('fwnmi');
    const firmware = room(4096);
    const first = firmware.frame(0);
    const left = 0xf000 - 3 * 16 - first;
    expect(() => firmware.frame(left + 1)).toThrow(expect.objectContaining({ code: 'RTAS_NO_ROOM' }));
    expect(firmware.frame(left)).toBe(first);
  });
});
