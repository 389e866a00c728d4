import { type Passage, rehearse } from '@checkstop/guest-kit';
import { MSR } from '@checkstop/ppc-core';
import { describe, expect, it } from 'vitest';
import { linuxGuest } from './linux-guest.ts';

type Options = NonNullable<Parameters<typeof linuxGuest>[0]>;

const builds: Options[] = (['brief', 'full'] as const).flatMap((build) =>
  (['little', 'big'] as const).map((endian) => ({ build, endian })),
);

/** Registers that a system call of the brief build may lose. */
const LOST = { brief: [9, 10, 11, 12], full: [] } as const;

/** Registers that a call may lose: a system call's code, and what the handler calls. What tells them apart lies in fields that all have. */
const SPECIAL = ['cr', 'lr', 'ctr', 'xer'] as const;

/** The first and the last boundary before which RI was 1, which must be in one piece. */
const withRi = ({ ri }: Passage): readonly [first: number, last: number] => {
  expect(ri).toMatch(/^0*1+0*$/);
  return [ri.indexOf('1'), ri.lastIndexOf('1')];
};

/** What the system call and the handler do, seen from outside: no property demands it where nothing goes wrong. */
describe.each(builds)('the $build build, $endian-endian', (options) => {
  const { build = 'brief' } = options;

  it('has RI=1 in a system call as soon as SRR0, SRR1 and the scratch are saved, and as long as they are', () => {
    const { machine, vcpu, until } = rehearse(linuxGuest(options), { checks: 0 });
    until('system_call');
    const { start, end } = machine.use('guest').work;
    const passed = until(() => vcpu.nip >= start && vcpu.nip < end);
    const [first, last] = withRi(passed);
    for (const saved of [/mtsprg 2,r13$/, /mfsprg r\d+,2$/, /mfsrr0 /, /mfsrr1 /])
      expect(passed.indexOf(saved)).toBeLessThan(first);
    for (const restored of [/mtsrr0 /, /mtsrr1 /, /rfid$/]) expect(passed.indexOf(restored)).toBeGreaterThan(last);
  });

  it('gives a system call its PACA, and the interrupted code its own registers back', () => {
    const { machine, vcpu, until } = rehearse(linuxGuest(options), { checks: 0 });
    const { regions } = machine.use('guest');
    until(/ sc$/);
    const kept = Array.from({ length: 32 }, (_, n) => n).filter((n) => ![1, 3, ...LOST[build]].includes(n));
    for (const n of kept) vcpu.setGpr(n, BigInt(0x1000 + n));
    SPECIAL.forEach((name, i) => void vcpu.setReg(name, BigInt(0x2000_0000 + i)));
    const stack = vcpu.gpr(1);
    const srr1 = vcpu.reg('msr') | MSR.EE;
    vcpu.setReg('msr', srr1);
    const { nip } = vcpu;
    until('system_call');
    until(() => (vcpu.reg('msr') & MSR.RI) !== 0n);
    expect(vcpu.gpr(13)).toBe(BigInt(regions.base));
    // As C may, and as a check does that nests here.
    if (build === 'full') {
      for (const n of [0, 5, 6, 7, 8, 10, 11, 12]) vcpu.setGpr(n, 0xbadn);
      for (const name of SPECIAL) vcpu.setReg(name, 0xbadn);
    }
    for (const name of ['srr0', 'srr1', 'sprg2'] as const) vcpu.setReg(name, 0xbadn);
    until(() => vcpu.nip === nip + 4);
    expect(kept.map((n) => vcpu.gpr(n))).toEqual(kept.map((n) => BigInt(0x1000 + n)));
    expect([vcpu.reg('msr'), vcpu.gpr(1)]).toEqual([srr1, stack]);
    expect(SPECIAL.map((name) => vcpu.reg(name))).toEqual(SPECIAL.map((_, i) => BigInt(0x2000_0000 + i)));
  });

  it('handles a check in this order: r3, log, RI, interlock, RI=1, RI=0, reservation, SRR0, rfid; off the interrupted stack', () => {
    const { machine, vcpu, strike, until } = rehearse(linuxGuest(options));
    const { buffer, interlock } = machine.use('fwnmi');
    const loads: number[] = [];
    machine.use('processor').watch({ kind: 'load', start: buffer, end: buffer + 0x48 });
    machine.bus.on('load', ({ address }) => loads.push(address - buffer));
    const stack = Number(vcpu.gpr(1));
    const page = () => machine.ram.readBytes(stack - 0xc0, 0xe0);
    const before = page();
    strike();
    until('machine_check');
    const passed = until('ready');
    expect(page()).toEqual(before);
    expect(loads[0]).toBe(0);
    expect(loads).toEqual(expect.arrayContaining([0, 8, 0x40]));
    const [tested, called] = [passed.indexOf(/andi\. r4,r4,2$/), passed.indexOf(/ sc 1$/)];
    expect(tested).toBeLessThan(called);
    expect(interlock.holder).toBe(-1);
    const [first, last] = withRi(passed);
    expect(called).toBeLessThan(first);
    for (const then of [/stdcx\. /, /mtsrr0 /, /mtsrr1 /, /rfid$/]) expect(passed.indexOf(then)).toBeGreaterThan(last);
  });

  it('brings every register back, in the full build from calls that destroy all they may', () => {
    const { vcpu, complaints, strike, until } = rehearse(linuxGuest(options), { poison: build === 'full' });
    for (let n = 0; n < 32; n++) if (![1, 13, 14].includes(n)) vcpu.setGpr(n, BigInt(0x1000 + n));
    SPECIAL.forEach((name, i) => void vcpu.setReg(name, BigInt(0x2000_0000 + i)));
    strike();
    until('machine_check');
    until('ready');
    expect(complaints).toEqual([]);
  });

  it('has copied the log before it gives it back', () => {
    const { machine, strike, until, own } = rehearse(linuxGuest(options));
    const { regions } = machine.use('guest');
    const { buffer } = machine.use('fwnmi');
    strike();
    until('machine_check');
    machine.ram.writeU64(buffer + 0x40, 0x0123_4567_89ab_cdefn, 'big'); // the address of memory, for other kinds of checks
    const log = machine.ram.readBytes(buffer + 8, 0x40);
    until(/ sc 1$/);
    const region = Buffer.from(own(0, regions.stride));
    const copied = build === 'full' ? [...log] : [...log.subarray(0, 8), ...log.subarray(0x38)];
    expect(region.indexOf(Buffer.from(copied))).toBeGreaterThan(0);
  });

  it('uses the same save area again once a check is done with', () => {
    const { strike, until, own } = rehearse(linuxGuest(options), { checks: 3 });
    const frames = new Set<string>();
    for (let i = 0; i < 3; i++) {
      const before = own(8, 8).join();
      strike();
      until('machine_check');
      until(/ sc 1$/);
      frames.add(own(8, 8).join());
      expect(own(8, 8).join()).not.toBe(before);
      until('ready');
      expect(own(8, 8).join()).toBe(before);
    }
    expect(frames.size).toBe(1);
  });

  it.each([
    ['FATAL', 'brief', 1, 0xe0, 0xa0],
    ['unrecoverable', 'full', 8, 0x40, 0x40],
  ] as const)('panics on a log that is %s', (_what, from, at, mask, bits) => {
    const { machine, strike, until, finish } = rehearse(linuxGuest(options));
    const log = machine.use('fwnmi').buffer + 8;
    strike();
    until('machine_check');
    const [byte = 0] = machine.ram.readBytes(log + at, 1);
    machine.ram.writeBytes(log + at, Uint8Array.of((byte & ~mask) | bits));
    const panics = from === 'brief' || build === 'full';
    expect(finish()).toBe(panics ? 'stopped' : 'idle');
    expect(machine.stopped?.reason).toBe(panics ? 'os-term' : undefined);
  });
});

describe.each(builds.filter(({ build }) => build === 'full'))('the full build, $endian-endian', (options) => {
  it('panics where a check finds every save area in use', () => {
    const { machine, strike, finish } = rehearse(linuxGuest(options));
    const { regions } = machine.use('guest');
    const last = regions.base + 0x100 + 2 * 0x180; // FRAMES, and FRAME for each level but one
    machine.ram.writeU64(regions.base + 8, BigInt(last), options.endian ?? 'big');
    strike();
    expect(finish()).toBe('stopped');
    expect(machine.stopped?.reason).toBe('os-term');
  });

  it('copies no more of a log than it has room for', () => {
    const { machine, vcpu, strike, until } = rehearse(linuxGuest(options));
    const stack = () => machine.ram.readBytes(Number(vcpu.gpr(1)) - 0x80, 0xa0);
    const before = stack();
    strike();
    until('machine_check');
    machine.ram.writeU32(machine.use('fwnmi').buffer + 12, 0x7f8, 'big');
    until('ready');
    expect(stack()).toEqual(before);
  });

  it('asks nothing of a log without an extended part', () => {
    const { machine, strike, until, finish } = rehearse(linuxGuest(options));
    const log = machine.use('fwnmi').buffer + 8;
    strike();
    until('machine_check');
    const [byte = 0] = machine.ram.readBytes(log + 1, 1);
    machine.ram.writeBytes(log + 1, Uint8Array.of(byte & ~0x04));
    machine.ram.writeBytes(log + 8, Uint8Array.of(0xc0)); // would be: unrecoverable
    expect(finish()).toBe('idle');
  });
});
