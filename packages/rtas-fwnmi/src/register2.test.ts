import { describe, expect, it } from 'vitest';
import { readErrorLog } from './log/index.ts';
import { bench, patient } from './testing.ts';
import { TOKENS } from './tokens.ts';

const PAGE_7 = 0x7000;

function registered(token: number, options: Parameters<typeof bench>[0] = { register2: true }) {
  const addresses: number[] = [];
  const made = bench(options, [patient([8], addresses)]);
  const [status] = made.call(0, token, [0x3000, 0x4000], 1);
  const firmware = made.machine.use('fwnmi');
  return { ...made, status, firmware, frame: addresses[0] as number };
}

describe('ibm,nmi-register-2', () => {
  it('is not there unless asked for, as in QEMU', () => {
    const { machine } = registered(TOKENS.NMI_REGISTER_2, {});
    expect(machine.use('fwnmi').registration).toBeUndefined();
  });

  it('registers as ibm,nmi-register does, and refuses what that refuses', () => {
    const { status, firmware, call } = registered(TOKENS.NMI_REGISTER_2);
    expect([status, firmware.registration]).toEqual([0, { systemReset: 0x3000, machineCheck: 0x4000 }]);
    expect(call(0, TOKENS.NMI_REGISTER_2, [0x3000, 32 << 20], 1)).toEqual([-3]);
  });

  it('puts the report into page 7, and shares SPRG1', () => {
    const { machine, vcpus, firmware } = registered(TOKENS.NMI_REGISTER_2);
    machine.use('hypervisor').checks.latch(0, { kind: 'slb-multihit', recovered: false, address: 0n });
    firmware.interlock.tryTake(0);
    firmware.report(0, 0x1122n);
    firmware.enterRoutine(0);
    expect([firmware.buffer, firmware.sharedSprg, vcpus[0].gpr(3)]).toEqual([PAGE_7, 'sprg1', BigInt(PAGE_7)]);
    expect(machine.ram.readU64(PAGE_7, 'big')).toBe(0x1122n);
    expect(readErrorLog(machine.ram.readBytes(PAGE_7 + 8, 64)).version).toBe(6);
  });

  it('lays page 7 out as RTAS space is: frames as far behind the buffer, poisoned with it', () => {
    const { machine, firmware, frame, call } = registered(TOKENS.NMI_REGISTER_2);
    const there = PAGE_7 + frame - (firmware.rtas.base + 0x100);
    machine.ram.writeU64(there, 5n, 'big');
    firmware.interlock.tryTake(0);
    call(0, TOKENS.NMI_INTERLOCK, [], 1);
    const poison = 0xa5a5a5a5a5a5a5a5n;
    expect([machine.ram.readU64(PAGE_7, 'big'), machine.ram.readU64(there, 'big')]).toEqual([poison, poison]);
    expect(machine.ram.readU64(there + 16, 'big')).toBe(0n);
  });

  it('leaves page 7 alone while the OS has it', () => {
    const { machine, firmware, call } = registered(TOKENS.NMI_REGISTER);
    firmware.interlock.tryTake(0);
    call(0, TOKENS.NMI_INTERLOCK, [], 1);
    expect(machine.ram.readBytes(PAGE_7, 4096).every((byte) => byte === 0)).toBe(true);
  });

  it('is undone by ibm,nmi-register', () => {
    const { firmware, call } = registered(TOKENS.NMI_REGISTER_2);
    call(0, TOKENS.NMI_REGISTER, [0x3000, 0x4000], 1);
    expect([firmware.buffer, firmware.sharedSprg]).toEqual([firmware.rtas.base + 0x100, 'sprg2']);
  });

  it('needs frames that page 7 has room for', () => {
    const big = patient([2048]);
    const options = { register2: true, size: 8192, base: 0xe000 } as const;
    expect(() => bench(options, [big])).toThrow(/page 7 has 4096/);
    expect(() => bench({ ...options, register2: false }, [big])).not.toThrow();
  });
});
