import { checkDeterminism, type Plugin, seededRandom } from '@checkstop/kernel';
import { MSR, type RegisterName } from '@checkstop/ppc-core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { delivery } from './delivery.ts';
import { directExit } from './direct-exit.ts';
import { hcallBusy } from './hcall-busy.ts';
import { hcallHold } from './hcall-hold.ts';
import { hcallWait } from './hcall-wait.ts';
import { illegalInstruction } from './illegal-instruction.ts';
import { type Stage, stage } from './testing.ts';

/** What the routine must find as it was, besides r0 to r31. */
const KEPT = ['cr', 'lr', 'ctr', 'xer', 'sprg0', 'sprg1', 'sprg2', 'sprg3'] as const satisfies RegisterName[];

const strategies: { name: string; make: () => Plugin; lost: readonly RegisterName[] }[] = [
  { name: 'hcall-hold', make: () => hcallHold(), lost: ['sprg2'] },
  { name: 'hcall-busy', make: () => hcallBusy(), lost: ['sprg2'] },
  { name: 'hcall-wait', make: () => hcallWait(), lost: ['sprg2'] },
  { name: 'hcall-busy through sprg0', make: () => hcallBusy({ scratch: 'sprg0' }), lost: ['sprg0'] },
  { name: 'illegal-instruction', make: () => illegalInstruction(), lost: [] },
  { name: 'direct-exit', make: () => directExit(), lost: [] },
  {
    name: 'a vector that compares, polled',
    make: () => delivery({ notification: 'hcall', waiting: 'poll', scratch: 'sprg3', busy: 'cr7' }),
    lost: ['sprg3'],
  },
  {
    name: 'an illegal instruction that waits inside',
    make: () => delivery({ notification: 'illegal-instruction', waiting: 'condition' }),
    lost: [],
  },
  { name: 'a polled exit', make: () => delivery({ notification: 'exit', waiting: 'poll' }), lost: [] },
];

/** All that the contract compares at entry, as numbers to print. */
function context({ vcpus }: Stage, lost: readonly RegisterName[]): Record<string, bigint> {
  const [vcpu] = vcpus;
  const gprs = Array.from({ length: 32 }, (_, n) => [`r${n}`, vcpu.gpr(n)] as const);
  const others = KEPT.filter((name) => !lost.includes(name)).map((name) => [name, vcpu.reg(name)] as const);
  return Object.fromEntries([...gprs, ...others]);
}

describe.each(strategies)('$name', ({ make, lost }) => {
  it.each(['big', 'little'] as const)('enters the routine with everything as it was, %s-endian', (endian) => {
    const set = stage(make(), { endian });
    const [vcpu] = set.vcpus;
    const doubleword = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
    const registers = fc.record({
      gprs: fc.array(doubleword, { minLength: 32, maxLength: 32 }),
      kept: fc.array(doubleword, { minLength: KEPT.length, maxLength: KEPT.length }),
    });
    fc.assert(
      fc.property(registers, ({ gprs, kept }) => {
        const mark = set.machine.arena.mark();
        for (const [n, value] of gprs.entries()) vcpu.setGpr(n, value);
        for (const [i, name] of KEPT.entries()) vcpu.setReg(name, name === 'cr' ? kept[i] & 0xffff_ffffn : kept[i]);
        const before = context(set, lost);
        const [nip, msr] = [vcpu.reg('nip'), vcpu.reg('msr')];
        set.strike(0);
        set.until(0, set.label('routine'));

        const buffer = set.fwnmi.buffer;
        expect(context(set, lost)).toEqual({ ...before, r3: BigInt(buffer) });
        expect(set.machine.ram.readU64(buffer, 'big')).toBe(before.r3);
        expect(set.machine.ram.readU64(buffer + 8, 'big')).toBe(0x06741000_00000038n);
        expect([vcpu.reg('srr0'), vcpu.reg('srr1') & ~MSR.SRR1_CAUSE]).toEqual([nip, msr]);
        expect(vcpu.reg('msr')).toBe(MSR.SF | MSR.ME | (endian === 'little' ? MSR.LE : 0n));
        set.machine.arena.undo(mark);
      }),
      { numRuns: 20 },
    );
  });

  it('ignores the low bits of the registered address', () => {
    const set = stage(make(), { routineOffset: 3 });
    set.strike(0);
    expect(() => set.until(0, set.label('routine'))).not.toThrow();
  });

  it('checkstops a vCPU that is struck again before it gave the interlock back', () => {
    const set = stage(make());
    set.strike(0);
    set.until(0, set.label('routine'));
    set.strike(0);
    for (let steps = 0; steps < 20 && !set.machine.stopped; steps++) set.machine.step(0);
    expect(set.machine.stopped).toEqual({ agent: 0, reason: 'checkstop' });
  });

  it('lets the routine go on where a recovered check before that is dropped', () => {
    const set = stage(make(), { firmware: { holderCheck: 'drop-recovered' }, recovered: true });
    const [vcpu] = set.vcpus;
    set.strike(0);
    set.until(0, set.label('routine'));
    const before = { ...context(set, lost), msr: vcpu.reg('msr') };
    const dropped: unknown[] = [];
    set.machine.bus.on('checkDropped', (event) => dropped.push(event));
    set.strike(0);
    for (let steps = 0; steps < 20 && dropped.length === 0; steps++) set.machine.step(0);
    const nip = BigInt(set.label('routine'));
    expect(dropped).toEqual([{ agent: 0, nip, recoverable: false }]);
    expect([set.hypervisor.mode(0), vcpu.reg('nip')]).toEqual(['guest', nip]);
    expect({ ...context(set, lost), msr: vcpu.reg('msr') }).toEqual(before);
    expect(set.fwnmi.interlock.holder).toBe(0);
  });

  it('checkstops all the same when that check is not recovered', () => {
    const set = stage(make(), { firmware: { holderCheck: 'drop-recovered' } });
    set.strike(0);
    set.until(0, set.label('routine'));
    set.strike(0);
    for (let steps = 0; steps < 20 && !set.machine.stopped; steps++) set.machine.step(0);
    expect(set.machine.stopped?.reason).toBe('checkstop');
  });

  it('waits for itself where nothing is done about it', () => {
    const set = stage(make(), { firmware: { holderCheck: 'nothing' } });
    set.strike(0);
    set.until(0, set.label('routine'));
    set.strike(0);
    for (let steps = 0; steps < 100 && set.machine.available(0, 0); steps++) set.machine.step(0);
    expect([set.machine.stopped, set.fwnmi.interlock.holder]).toEqual([undefined, 0]);
    expect(set.hypervisor.checks.pending(0)).toBeDefined();
  });

  it('is followed by an architected machine check while nobody has registered', () => {
    const set = stage(make(), { registers: false });
    set.strike(0);
    expect(set.vcpus[0].nip).toBe(0x200);
    expect(set.fwnmi.registration).toBeUndefined();
  });

  it('keeps no state outside the arena', () => {
    expect(checkDeterminism(stage(make()).machine, seededRandom(1), 300)).toBeGreaterThan(20);
  });
});
