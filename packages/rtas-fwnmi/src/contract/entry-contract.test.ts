import type { Machine } from '@checkstop/kernel';
import { MSR, type Vcpu } from '@checkstop/ppc-core';
import { describe, expect, it } from 'vitest';
import { machineCheckLog, writeErrorLog } from '../log/index.ts';
import { complain, RUNNING, type Sabotage, type Spoilt, struck } from './spoilt.fixture.ts';

/** Where in a log the low byte of its first section's length is. */
const [FIXED_PART, EXTENDED_HEADER, LENGTH_LOW] = [8, 16, 3];

describe('a delivery that goes well', () => {
  it('is not complained about', () => {
    expect(complain({})).toEqual([]);
  });
});

describe('entryContract', () => {
  const entry = (sabotage: Sabotage, more: Spoilt = {}) =>
    complain({ ...more, entry: sabotage }).filter((text) => text.startsWith('entryContract'));

  it.each([
    ...(['cr', 'lr', 'ctr', 'xer', 'tar'] as const),
    ...(['vrsave', 'dscr', 'ctrl'] as const),
    ...(['sprg0', 'sprg1', 'sprg2', 'sprg3'] as const),
  ])('sees a lost %s', (name) => {
    const bit = 0x2000_0000n;
    expect(entry((vcpu) => vcpu.setReg(name, vcpu.reg(name) ^ bit))).toEqual([
      `entryContract: ${name.toUpperCase()} is 0x20000000, at the boundary it was 0x0`,
    ]);
  });

  it('leaves alone what a machine check may change, and what is the hypervisor’s', () => {
    for (const name of ['dar', 'dsisr', 'hsrr0', 'hsrr1', 'heir', 'dec', 'tb'] as const)
      expect(entry((vcpu) => vcpu.setReg(name, 0xbadn))).toEqual([]);
  });

  it('sees every lost general register', () => {
    for (const n of [...Array(32).keys()].filter((r) => r !== 3))
      expect(entry((vcpu) => vcpu.setGpr(n, 0xbadn))[0]).toContain(`r${n} is 0xbad`);
  });

  it.each([
    ['r3 outside RTAS space', (vcpu: Vcpu) => vcpu.setGpr(3, 0x3000n), /no 16-byte-aligned buffer/],
    ['r3 not aligned', (vcpu: Vcpu) => vcpu.setGpr(3, vcpu.gpr(3) + 8n), /no 16-byte-aligned buffer/],
    ['r3 beyond 32 bits', (vcpu: Vcpu) => vcpu.setGpr(3, vcpu.gpr(3) + (1n << 40n)), /no 16-byte-aligned buffer/],
    ['another buffer', (vcpu: Vcpu) => vcpu.setGpr(3, vcpu.gpr(3) + 0x100n), /first doubleword is 0xa5a5a5a5/],
    ['SRR0', (vcpu: Vcpu) => vcpu.setReg('srr0', 0x210n), /SRR0 is 0x210/],
    ['SRR1', (vcpu: Vcpu) => vcpu.setReg('srr1', vcpu.reg('srr1') | MSR.PR), /SRR1 \(outside the cause bits\)/],
    ['the MSR', (vcpu: Vcpu) => vcpu.setReg('msr', RUNNING), /MSR is .* should be/],
  ] as const)('sees %s', (_what, sabotage, words) => {
    expect(entry(sabotage)).toEqual([expect.stringMatching(words)]);
  });

  it('sees any one bit of the MSR that is wrong', () => {
    for (let bit = 0n; bit < 64n; bit++)
      expect(entry((vcpu) => vcpu.setReg('msr', vcpu.reg('msr') ^ (1n << bit)))).toEqual([
        expect.stringMatching(/^entryContract: MSR is .* at the routine's entry, it should be 0x8000000000001000$/),
      ]);
  });

  it('sees a routine that is entered in the byte order of the task, not of interrupts', () => {
    const inOrderOfTask: Sabotage = (vcpu) => vcpu.setReg('ile', 1n);
    expect(entry(inOrderOfTask)).toEqual([expect.stringMatching(/it should be 0x8000000000001001$/)]);
  });

  it('sees a log of another version, well-formed as it is', () => {
    const log = writeErrorLog(machineCheckLog({ severity: 3, recovered: false, error: { type: 'd-cache' } }));
    log[0] = 5;
    expect(complain({ log })).toEqual(['entryContract: the log at r3+8 has version 5, not 6']);
  });

  it('lets SRR1[RI] read 0 for 1, never 1 for 0', () => {
    expect(entry((vcpu) => vcpu.setReg('srr1', vcpu.reg('srr1') & ~MSR.RI))).toEqual([]);
    const claimed = entry((vcpu) => vcpu.setReg('srr1', vcpu.reg('srr1') | MSR.RI), { msr: MSR.SF | MSR.ME });
    expect(claimed).toEqual(['entryContract: SRR1[RI] is 1, at the boundary MSR[RI] was 0']);
  });

  it.each([
    ['it is shared', { options: { sprg2: 'shared' } }],
    ['the guest has it for scratch', { scratch: ['sprg2'] }],
    ['the boundary had RI=0', { msr: MSR.SF | MSR.ME }],
  ] as const)('excuses SPRG2 where %s', (_why, more) => {
    expect(entry((vcpu) => vcpu.setReg('sprg2', 5n), more)).toEqual([]);
  });

  it('sees a log whose sections a reader would walk for ever', () => {
    const log = writeErrorLog(machineCheckLog({ severity: 3, recovered: false, error: { type: 'd-cache' } }));
    log[FIXED_PART + EXTENDED_HEADER + LENGTH_LOW] = 0;
    expect(complain({ log })).toEqual([
      expect.stringMatching(/^entryContract: the log at r3\+8 can't be read: the section at byte 0 .* is 0 bytes long/),
    ]);
  });

  it('sees a log that says it is longer than RTAS space', () => {
    const log = Uint8Array.of(6, 0x74, 0x10, 0, 0xff, 0xff, 0xff, 0xff);
    expect(complain({ log })).toEqual([expect.stringMatching(/^entryContract: .* can't be read: the extended part/)]);
  });

  it('lets a log have no extended part, at the end of RTAS space as well', () => {
    const last = 0x1_0000 - 16;
    const log = Uint8Array.of(6, 0x70, 0x10, 0, 0, 0, 0, 0);
    expect(complain({ log })).toEqual([]);
    const put = (address: number) => (vcpu: Vcpu, ram: Machine['ram']) => {
      ram.writeU64(address, 0x1122n, 'big');
      ram.writeBytes(address + 8, log.subarray(0, Math.min(8, 0x1_0000 - address - 8)));
      vcpu.setGpr(3, BigInt(address));
    };
    expect(complain({ log, entry: put(last) })).toEqual([]);
    expect(complain({ log, entry: put(last - 8) })).toEqual([expect.stringMatching(/no 16-byte-aligned buffer/)]);
  });

  it('sees what goes beyond the last valid address', () => {
    const beyond = (vcpu: Vcpu) => vcpu.setGpr(3, 0x1_0000n);
    expect(entry(beyond)).toEqual([expect.stringMatching(/no 16-byte-aligned buffer/)]);
  });

  it.each([0xc000_0000_0000_1234n, 0xffff_ffff_ffff_ffffn])(
    'has an interrupted r3 of 0x%x in the buffer whole',
    (r3) => {
      const made = struck({ r3 });
      made.machine.step(0);
      const buffer = Number(made.vcpu.gpr(3));
      expect(made.machine.ram.readU64(buffer, 'big')).toBe(r3);
      made.machine.step(0);
      expect(made.complaints).toEqual([]);
    },
  );

  it('sees a buffer whose address has its top bits set, though the OS may mask them', () => {
    expect(entry((vcpu) => vcpu.setGpr(3, vcpu.gpr(3) | (3n << 62n)))).toEqual([
      expect.stringMatching(/r3 is 0xc0000000.*no 16-byte-aligned buffer/),
    ]);
  });

  it('excuses no other SPRG for being scratch', () => {
    expect(entry((vcpu) => vcpu.setReg('sprg1', 5n), { scratch: ['sprg1'] })).toHaveLength(1);
  });
});
