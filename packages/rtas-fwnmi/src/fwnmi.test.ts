import { CHECK_KINDS, type Check } from '@checkstop/hypervisor';
import { MSR } from '@checkstop/ppc-core';
import { describe, expect, it } from 'vitest';
import { logOf } from './check-log.ts';
import { Disposition, explainLog, readErrorLog, Severity } from './log/index.ts';
import { bench, patient } from './testing.ts';
import { TOKENS } from './tokens.ts';

const frames = (options: Parameters<typeof bench>[0], ...sizes: number[]) => {
  const addresses: number[] = [];
  return { ...bench(options, [patient(sizes, addresses)]), addresses };
};

const struck = (options: Parameters<typeof bench>[0] = {}, recovered = false, more: Partial<Check> = {}) => {
  const made = frames(options, 8);
  const first = made.addresses[0] as number;
  made.call(0, TOKENS.NMI_REGISTER, [0x3000, 0x4000], 1);
  const { checks } = made.machine.use('hypervisor');
  checks.latch(0, { kind: 'slb-multihit', recovered, address: 0xdeadbeefn, ...more });
  return { ...made, first, checks, firmware: made.machine.use('fwnmi') };
};

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex').toUpperCase();

describe('a report', () => {
  it.each([
    ['slb-multihit', false, 0xdeadbeefn, '06741000', '0181', '00000000DEADBEEF'],
    ['ue-load-store', false, 0xdeadbeefn, '06741000', '0003', '0000000000000000'],
    ['tlb-multihit', true, 0xdeadbeefdeadbeefn, '06641000', '0482', 'DEADBEEFDEADBEEF'],
  ] as const)('of %s, recovered %s, is byte for byte what QEMU writes', (kind, recovered, address, ...words) => {
    const { machine, firmware } = struck({}, recovered, { kind, address });
    firmware.report(0, 0x1122334455667788n);
    const [summary, codes, effective] = words;
    expect(hex(machine.ram.readBytes(firmware.buffer, 72))).toBe(
      `1122334455667788${summary}0000003886008E00000000000000000049424D004D430028010000000000000000000000` +
        `${codes}000000000000${effective}0000000000000000`,
    );
  });

  it('is made once, at an address that PAPR allows', () => {
    const { firmware, checks } = struck();
    firmware.report(0, 0n);
    expect(firmware.buffer % 16).toBe(0);
    expect(checks.pending(0)).toBeUndefined();
    expect(() => firmware.report(0, 0n)).toThrow(expect.objectContaining({ code: 'FWNMI_NO_CHECK' }));
  });

  it('is poisoned, frames and all, when the interlock is given back', () => {
    const { machine, firmware, call, first } = struck();
    machine.ram.writeU32(first, 5, 'big');
    firmware.interlock.tryTake(0);
    firmware.report(0, 1n);
    call(0, TOKENS.NMI_INTERLOCK, [], 1);
    expect(hex(machine.ram.readBytes(firmware.buffer, 2048))).toBe('A5'.repeat(2048));
    expect(machine.ram.readU32(first, 'big')).toBe(0xa5a5a5a5);
  });

  it('stays as it is with QEMU', () => {
    const { machine, firmware, call } = struck({ poisonLog: false });
    firmware.interlock.tryTake(0);
    firmware.report(0, 1n);
    call(0, TOKENS.NMI_INTERLOCK, [], 1);
    expect(machine.ram.readU64(firmware.buffer, 'big')).toBe(1n);
  });

  it('has another form where firmware was different', () => {
    const { machine, firmware } = struck();
    firmware.report(0, 0x1122334455667788n, { log: Uint8Array.of(0, 0x70, 0x44, 9), endian: 'little' });
    expect(hex(machine.ram.readBytes(firmware.buffer, 16))).toBe('887766554433221100704409A5A5A5A5');
  });

  it.each([
    ['recovered', true, 'as-found', Disposition.FULLY_RECOVERED],
    ['not recovered', false, 'as-found', Disposition.NOT_RECOVERED],
    ['not recovered, but taken for it,', false, 'recovered', Disposition.FULLY_RECOVERED],
  ] as const)('of a check that is %s says so', (_what, recovered, disposition, said) => {
    const { machine, firmware } = struck({ disposition }, recovered);
    firmware.report(0, 1n);
    expect(readErrorLog(machine.ram.readBytes(firmware.buffer + 8, 64)).disposition).toBe(said);
  });

  it.each(CHECK_KINDS)('%s has a diagnosis', (kind) => {
    const log = logOf({ kind, recovered: false, address: 0x1111n, srr0: 0x2222n, srr1: 0n, cr: 0n });
    expect(log.severity).toBe(kind === 'unknown' ? Severity.NO_ERROR : Severity.ERROR_SYNC);
    const words = explainLog(log).find((line) => line.startsWith('machine check')) as string;
    const address = kind.endsWith('fetch') ? '0x2222' : /unknown|load-store/.test(kind) ? undefined : '0x1111';
    expect(/0x\w+/.exec(words)?.[0]).toBe(address);
    if (kind !== 'unknown')
      expect(words.toLowerCase()).toContain(kind.startsWith('ue') ? 'uncorrectable' : kind.split('-')[1]);
  });
});

describe('the routine', () => {
  it.each([
    ['set', MSR.SF | MSR.ME],
    ['kept', MSR.ME],
  ] as const)('is entered with SF %s, whatever was struck', (entrySf, msr) => {
    const { firmware, vcpus } = struck({ entrySf });
    vcpus[0].setReg('msr', MSR.EE | MSR.PR | MSR.RI);
    firmware.enterRoutine(0);
    expect(vcpus[0].reg('msr')).toBe(msr);
    expect(vcpus[0].nip).toBe(0x4000);
    expect(vcpus[0].gpr(3)).toBe(BigInt(firmware.buffer));
  });

  it.each([
    ['ile', 0n],
    ['kept', MSR.LE],
  ] as const)('is entered with LE %s, whatever was struck', (entryLe, le) => {
    const { firmware, vcpus } = struck({ entryLe });
    vcpus[0].setReg('msr', MSR.SF | MSR.PR | MSR.RI | MSR.LE);
    firmware.enterRoutine(0);
    expect(vcpus[0].reg('msr')).toBe(MSR.SF | MSR.ME | le);
  });

  it('of an address that is no instruction is entered at the instruction there', () => {
    const { firmware, vcpus, call } = struck();
    call(0, TOKENS.NMI_REGISTER, [0x3002, 0x4003], 1);
    firmware.enterRoutine(0);
    expect(vcpus[0].nip).toBe(0x4000);
    expect(firmware.registration).toEqual({ systemReset: 0x3002, machineCheck: 0x4003 });
  });

  it('is entered little-endian where interrupts are', () => {
    const { firmware, vcpus } = struck();
    vcpus[0].setReg('ile', 1n);
    firmware.enterRoutine(0);
    expect(vcpus[0].reg('msr')).toBe(MSR.SF | MSR.ME | MSR.LE);
  });
});

describe('RTAS space', () => {
  it('has room for the longest log, and frames behind it', () => {
    const { addresses, machine } = frames({}, 20, 8);
    const [first, second] = addresses as [number, number];
    expect(first).toBeGreaterThanOrEqual(machine.use('fwnmi').buffer + 8 + 2048);
    expect(second).toBe(first + 32);
  });

  it('refuses a frame that does not fit', () => {
    expect(() => frames({}, 4096)).toThrow(expect.objectContaining({ code: 'RTAS_NO_ROOM' }));
  });

  it('has its buffer where it is told to, if it fits', () => {
    const { addresses, machine } = frames({ buffer: 0x30 }, 8);
    expect(machine.use('fwnmi').buffer).toBe(0xf030);
    expect(addresses[0]).toBe(0xf030 + 8 + 2048 + 8);
    expect(() => bench({ buffer: 0x800 })).toThrow(/The buffer does not fit into RTAS space/);
  });

  it('must lie in RAM', () => {
    expect(() => bench({ base: 0x10000 })).toThrow(expect.objectContaining({ code: 'RTAS_OUTSIDE_RAM' }));
  });

  it.each([{ base: 0xf010 }, { size: 100 }, { sprg2: 'mine' as never }, { entryMe: 'kvm' } as never])(
    'and all else refuse bad options: %j',
    (options) => {
      expect(() => bench(options)).toThrow(expect.objectContaining({ code: 'PLUGIN_BAD_OPTION' }));
    },
  );
});
