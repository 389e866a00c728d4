import { definePlugin } from '@checkstop/kernel';
import { assemble, MSR } from '@checkstop/ppc-core';
import { describe, expect, it } from 'vitest';
import type { SystemResetEntry } from './capabilities.ts';
import { injectResets } from './inject-resets.ts';
import { cede } from './rows/cede.ts';
import { signalSysReset } from './rows/signal-sys-reset.ts';
import { type Bench, type BenchOptions, bench, ENTRY } from './testing.ts';

const PROGRAM = 'li 3,1\n sc 1\n nop\n nop';
/** What lies at 0x100: keeps where it came from, and goes back there. */
const HANDLER = 'mfspr 20,26\n mfspr 21,27\n addi 22,22,1\n rfid';

const withVector = (made: Bench) => {
  made.machine.ram.writeBytes(0x100, assemble(HANDLER, { origin: 0x100, endian: 'big' }).bytes);
  return made;
};
const made = (options: BenchOptions = {}) => withVector(bench(PROGRAM, options));

/** Firmware with a routine at 0x3000. */
const registered = (prepare: SystemResetEntry['prepare']) =>
  definePlugin({
    name: 'registered',
    version: '1.0.0',
    contract: 1,
    provides: ['systemResetEntry'],
    setup: (ctx) => ctx.provide('systemResetEntry', { prepare }),
  })();

describe('a system reset', () => {
  it('enters 0x100 with SRR0 and SRR1, all else untouched, and comes back', () => {
    const { vcpus, step, hypervisor } = made();
    step(0);
    const msr = vcpus[0].reg('msr') | MSR.RI | MSR.EE;
    vcpus[0].setReg('msr', msr);
    hypervisor.resets.latch(0);
    expect([vcpus[0].nip, vcpus[0].gpr(3), vcpus[0].reg('msr')]).toEqual([0x100, 1n, MSR.SF | MSR.ME]);
    step(0, 4);
    expect([vcpus[0].gpr(20), vcpus[0].gpr(21)]).toEqual([BigInt(ENTRY + 4), msr]);
    expect([vcpus[0].nip, vcpus[0].reg('msr')]).toEqual([ENTRY + 4, msr]);
  });

  it('leaves ME as it was', () => {
    const { vcpus, hypervisor } = made();
    vcpus[0].setReg('msr', MSR.SF);
    hypervisor.resets.latch(0);
    expect(vcpus[0].reg('msr')).toBe(MSR.SF);
  });

  it('waits inside the hypervisor and comes behind the sc, with the result in r3', () => {
    const { vcpus, step, hypervisor } = made({ exitLock: 'unfair' });
    step(0, 2);
    hypervisor.resets.latch(0);
    expect(hypervisor.mode(0)).toBe('lock');
    step(0, 6);
    expect([vcpus[0].gpr(20), BigInt.asIntN(64, vcpus[0].gpr(3))]).toEqual([BigInt(ENTRY + 8), -2n]);
  });

  it('wakes a ceded vCPU, and finds no stopped one', () => {
    const { vcpus, until, hypervisor, machine } = made({
      extend: (h) => {
        h.hcalls.bind(1, cede(h));
        h.hcalls.bind(2, h.steps({ name: 'stop', steps: { a: (c) => c.stopSelf() } }));
      },
    });
    until(0, 'ceded');
    hypervisor.resets.latch(0);
    expect([hypervisor.mode(0), vcpus[0].nip]).toEqual(['guest', 0x100]);
    vcpus[0].nip = ENTRY + 4;
    vcpus[0].setGpr(3, 2n);
    until(0, 'hypervisor');
    hypervisor.resets.latch(0);
    until(0, 'stopped');
    hypervisor.resets.latch(0);
    hypervisor.start(0, { nip: ENTRY, r3: 0n, ile: false });
    expect([vcpus[0].nip, machine.alternatives().length]).toEqual([ENTRY, 1]);
  });

  it('goes before a check that waits with it, whose SRR0 is then the vector', () => {
    const { vcpus, step, hypervisor } = made();
    step(0, 2);
    hypervisor.checks.latch(0, { kind: 'slb-multihit', recovered: false, address: 0n });
    hypervisor.resets.latch(0);
    step(0);
    expect([vcpus[0].nip, vcpus[0].reg('srr0')]).toEqual([0x200, 0x100n]);
  });

  it('tells of itself while the registers are still the boundary’s', () => {
    const { machine, vcpus, hypervisor } = made();
    const told: unknown[] = [];
    machine.bus.on('systemReset', (event) => told.push(event, vcpus[0].nip));
    hypervisor.resets.latch(0);
    expect(told).toEqual([{ agent: 0 }, ENTRY]);
  });
});

describe('a registered routine', () => {
  it.each([
    ['is entered with r3 as prepared', { nip: 0x3003, r3: 0x7000n }, 0x3000, 0x7000n],
    ['is entered with r3 as it was', { nip: 0x3000 }, 0x3000, 1n],
    ['that is none leaves 0x100', undefined, 0x100, 1n],
  ])('%s', (_what, entry, nip, r3) => {
    const asked: number[] = [];
    const prepare = (agent: number) => {
      asked.push(agent);
      return entry;
    };
    const { vcpus, hypervisor } = made({ vcpus: 2, plugins: [registered(prepare)] });
    hypervisor.resets.latch(1);
    expect([vcpus[1].nip, vcpus[1].gpr(3), vcpus[1].reg('srr0')]).toEqual([nip, r3, BigInt(ENTRY)]);
    expect(asked).toEqual([1]);
  });
});

describe('H_SIGNAL_SYS_RESET', () => {
  /** vCPU 1 calls, out of three; who took a reset, and what the call answered. */
  const call = (target: bigint) => {
    const made = withVector(
      bench('sc 1\nb .', { vcpus: 3, extend: (h, ctx) => h.hcalls.bind(0x380, signalSysReset(ctx, h)) }),
    );
    made.vcpus[1].setGpr(3, 0x380n);
    made.vcpus[1].setGpr(4, BigInt.asUintN(64, target));
    made.step(1);
    made.until(1, 'guest');
    for (const agent of [0, 1, 2]) made.step(agent, 4);
    return { result: BigInt.asIntN(64, made.vcpus[1].gpr(3)), struck: made.vcpus.map((vcpu) => Number(vcpu.gpr(22))) };
  };

  it.each([
    [0n, [1, 0, 0]],
    [1n, [0, 1, 0]],
    [2n, [0, 0, 1]],
    [-1n, [1, 1, 1]],
    [-2n, [1, 0, 1]],
  ])('%i reaches %j', (target, struck) => {
    expect(call(target)).toEqual({ result: 0n, struck });
  });

  it.each([3n, -3n, 1n << 40n])('%i is no target', (target) => {
    expect(call(target)).toEqual({ result: -4n, struck: [0, 0, 0] });
  });

  it('goes from one to the next', () => {
    const { vcpus, step } = withVector(
      bench('sc 1\nb .', { vcpus: 3, extend: (h, ctx) => h.hcalls.bind(0x380, signalSysReset(ctx, h)) }),
    );
    vcpus[2].setGpr(3, 0x380n);
    vcpus[2].setGpr(4, BigInt.asUintN(64, -1n));
    step(2, 3);
    expect(vcpus.map(({ nip }) => nip)).toEqual([0x100, ENTRY, ENTRY + 4]);
    step(2, 2);
    expect(vcpus.map(({ nip }) => nip)).toEqual([0x100, 0x100, 0x100]);
  });
});

describe('injectResets', () => {
  it('offers as many resets as it was told, at boundaries only, and none by default', () => {
    const { machine, until, step, vcpus } = made({ exitLock: 'unfair', plugins: [injectResets({ perVcpu: 2 })] });
    const offered = () => machine.alternatives().filter(({ action }) => action === 'reset');
    expect(offered()).toEqual([{ agent: 0, action: 'reset', cost: 'fault' }]);
    machine.step(0, 1);
    expect(vcpus[0].nip).toBe(0x100);
    step(0, 4);
    until(0, 'lock');
    expect(offered()).toEqual([]);
    until(0, 'guest');
    machine.step(0, 1);
    expect([vcpus[0].nip, offered()]).toEqual([0x100, []]);
    expect(made({ plugins: [injectResets()] }).machine.alternatives().length).toBe(1);
  });

  it('refuses options that make no sense', () => {
    expect(() => injectResets({ perVcpu: -1 })).toThrow(/perVcpu/);
  });
});
