import { definePlugin } from '@checkstop/kernel';
import { assemble, MSR } from '@checkstop/ppc-core';
import { describe, expect, it } from 'vitest';
import { CHECK_KINDS, CHECKS } from './check-kinds.ts';
import { injectChecks } from './inject.ts';
import { cede } from './rows/cede.ts';
import type { StepMachine } from './steps.ts';
import { type BenchOptions, bench, ENTRY } from './testing.ts';

const check = { kind: 'slb-multihit', recovered: false, address: 0xdeadbeefn } as const;
const PROGRAM = 'li 3,1\n sc 1\n nop\n nop';
const made = (options: BenchOptions = {}) => bench(PROGRAM, options);

/** A strategy that tells nobody, but takes what its machine says. */
const delivery = (machine?: (h: ReturnType<typeof made>['hypervisor']) => StepMachine) =>
  definePlugin({
    name: 'delivery',
    version: '1.0.0',
    contract: 1,
    requires: ['hypervisor'],
    provides: ['delivery'],
    setup(ctx) {
      const mine = machine?.(ctx.use('hypervisor'));
      ctx.provide('delivery', { strike: () => mine });
    },
  })();

describe('a machine check', () => {
  it('strikes between two instructions and enters 0x200', () => {
    const { vcpus, step, hypervisor } = made();
    step(0);
    const msr = vcpus[0].reg('msr');
    hypervisor.checks.latch(0, check);
    expect(vcpus[0].nip).toBe(0x200);
    expect(vcpus[0].reg('srr0')).toBe(BigInt(ENTRY + 4));
    expect(vcpus[0].reg('srr1')).toBe(msr | 0x200000n);
    expect(vcpus[0].reg('dar')).toBe(0xdeadbeefn);
    expect(vcpus[0].reg('dsisr')).toBe(0x80n);
    expect(vcpus[0].reg('msr')).toBe(MSR.SF | MSR.ME);
    expect(vcpus[0].gpr(3)).toBe(1n);
    expect(hypervisor.checks.pending(0)).toBeUndefined();
  });

  it('enters 0x200 with ME=0 where the ISA is followed, and a second one is a checkstop', () => {
    const { vcpus, machine, hypervisor } = made({ entryMe: 'isa' });
    hypervisor.checks.latch(0, check);
    expect(vcpus[0].reg('msr')).toBe(MSR.SF);
    hypervisor.checks.latch(0, check);
    expect(machine.stopped).toEqual({ reason: 'checkstop', agent: 0 });
    expect(vcpus[0].nip).toBe(0x200);
  });

  it('strikes in spite of ME=0 where that is ignored', () => {
    const { vcpus, machine, hypervisor } = made({ entryMe: 'isa', withoutMe: 'taken' });
    hypervisor.checks.latch(0, check);
    hypervisor.checks.latch(0, check);
    expect([machine.stopped, vcpus[0].nip, vcpus[0].reg('srr0')]).toEqual([undefined, 0x200, 0x200n]);
  });

  it.each(CHECK_KINDS)('%s sets what its syndrome says and no more', (kind) => {
    const { vcpus, hypervisor } = made();
    vcpus[0].setReg('dar', 5n);
    vcpus[0].setReg('dsisr', 6n);
    hypervisor.checks.latch(0, { ...check, kind });
    const { srr1, dsisr, dar } = { dsisr: undefined, ...CHECKS[kind] };
    expect(vcpus[0].reg('srr1') & MSR.SRR1_CAUSE).toBe(BigInt(srr1));
    expect(vcpus[0].reg('dar')).toBe(dar ? check.address : 5n);
    expect(vcpus[0].reg('dsisr')).toBe(BigInt(dsisr ?? 6));
  });

  it('stays latched in the hypervisor and strikes behind the sc, with the result in r3', () => {
    const { vcpus, step, hypervisor } = made({ exitLock: 'unfair' });
    step(0, 2);
    hypervisor.checks.latch(0, check);
    expect(vcpus[0].reg('msr')).toBe(MSR.SF | MSR.ME);
    step(0, 2);
    expect(vcpus[0].nip).toBe(0x200);
    expect(vcpus[0].reg('srr0')).toBe(BigInt(ENTRY + 8));
    expect(BigInt.asIntN(64, vcpus[0].gpr(3))).toBe(-2n);
  });

  it('wakes a ceded vCPU', () => {
    const { vcpus, until, hypervisor } = made({ extend: (h) => h.hcalls.bind(1, cede(h)) });
    until(0, 'ceded');
    hypervisor.checks.latch(0, check);
    expect(hypervisor.mode(0)).toBe('guest');
    expect(vcpus[0].reg('srr0')).toBe(BigInt(ENTRY + 8));
  });

  it('never strikes a stopped vCPU', () => {
    const { machine, until, hypervisor } = made({
      extend: (h) => h.hcalls.bind(1, h.steps({ name: 'stop', steps: { a: (c) => c.stopSelf() } })),
    });
    until(0, 'hypervisor');
    hypervisor.checks.latch(0, check);
    until(0, 'stopped');
    hypervisor.checks.latch(0, check);
    expect(machine.alternatives()).toEqual([]);
    expect(hypervisor.checks.pending(0)).toBeUndefined();
    hypervisor.start(0, { nip: ENTRY, r3: 0n, ile: true });
    until(0, 'hypervisor');
  });

  it('is gone with its vCPU, whether it waits to strike, or for somebody to take it', () => {
    const { vcpus, machine, step, until, hypervisor } = made({
      extend(h) {
        h.hcalls.bind(1, h.steps({ name: 'stop', steps: { a: (c) => c.stopSelf() } }));
      },
      plugins: [delivery()],
    });
    const startAgain = (nip: number) => {
      hypervisor.start(0, { nip, r3: 2n, ile: false });
      step(0, 2);
      expect([hypervisor.mode(0), vcpus[0].nip]).toEqual(['guest', nip + 4]); // the call that nobody knows, and nothing else
    };
    until(0, 'hypervisor');
    hypervisor.checks.latch(0, check);
    until(0, 'stopped');
    startAgain(ENTRY + 4);
    hypervisor.checks.latch(0, check);
    expect(hypervisor.checks.pending(0)).toBeDefined();
    machine.ram.writeBytes(0x200, assemble(PROGRAM, { origin: 0x200, endian: 'big' }).bytes);
    until(0, 'stopped');
    expect(hypervisor.checks.pending(0)).toBeUndefined();
    hypervisor.checks.latch(0, check);
    startAgain(ENTRY + 4);
  });

  it('strikes once', () => {
    const { vcpus, machine, step, hypervisor } = made({ exitLock: 'unfair' });
    machine.ram.writeBytes(0x200, assemble('sc 1', { origin: 0x200, endian: 'big' }).bytes);
    hypervisor.checks.latch(0, check);
    step(0, 3);
    expect([hypervisor.mode(0), vcpus[0].nip]).toEqual(['guest', 0x204]);
  });

  it('leaves none of the bits of the MSR where its cause stands, for whoever delivers it either', () => {
    const exit = delivery((h) => h.steps({ name: 'exit', steps: { exit: (c) => c.resume() } }));
    const { vcpus, hypervisor } = made({ plugins: [exit] });
    const msr = vcpus[0].reg('msr');
    vcpus[0].setReg('msr', msr | 0x783f_0000n);
    hypervisor.checks.latch(0, check);
    expect([vcpus[0].reg('srr1'), hypervisor.checks.pending(0)?.srr1]).toEqual([msr | 0x200000n, msr | 0x200000n]);
  });

  it('tells of itself while the registers are still the boundary’s', () => {
    const { machine, vcpus, hypervisor } = made();
    const told: unknown[] = [];
    machine.bus.on('check', (event) => told.push(event, vcpus[0].nip, vcpus[0].reg('srr1')));
    hypervisor.checks.latch(0, check);
    expect(told).toEqual([{ agent: 0, kind: 'slb-multihit', recovered: false }, ENTRY, 0n]);
  });
});

describe('a strategy', () => {
  const providing = (value: unknown) =>
    definePlugin({
      name: 'amiss',
      version: '1.0.0',
      contract: 1,
      provides: ['delivery'],
      setup: (ctx) => ctx.provide('delivery', value as never),
    })();

  it.each([null, {}, { strike: 5 }])('that provides %j is refused by name when the machine is made', (value) => {
    expect(() => made({ plugins: [providing(value)] })).toThrow(
      expect.objectContaining({ code: 'DELIVERY_INVALID', details: { plugin: 'amiss' } }),
    );
  });

  it.each([42, null, {}, { name: 'theirs', first: 1 }])('that delivers with %j is refused by name', (value) => {
    const { hypervisor } = made({ plugins: [providing({ strike: () => value })] });
    expect(() => hypervisor.checks.latch(0, check)).toThrow(
      expect.objectContaining({ code: 'DELIVERY_INVALID', details: { plugin: 'amiss' } }),
    );
  });

  it('finds the check pending until it takes it, with what was sampled', () => {
    const { vcpus, hypervisor } = made({ plugins: [delivery()] });
    vcpus[0].setReg('cr', 0x12345678n);
    hypervisor.checks.latch(0, check);
    expect(vcpus[0].nip).toBe(0x200);
    const pending = hypervisor.checks.pending(0);
    expect(pending).toMatchObject({
      ...check,
      srr0: BigInt(ENTRY),
      srr1: MSR.SF | MSR.ME | 0x200000n,
      cr: 0x12345678n,
    });
    hypervisor.checks.take(0);
    expect(hypervisor.checks.pending(0)).toBeUndefined();
  });

  it('can deliver it from inside the hypervisor, under the exit lock', () => {
    const plugins = [
      delivery((h) =>
        h.steps({
          name: 'plain exit',
          steps: {
            claim: (c) => c.goto('enter'),
            enter(c) {
              h.checks.take(c.agent);
              return c.resume(0x3000);
            },
          },
        }),
      ),
    ];
    const { vcpus, step, hypervisor, machine } = made({ exitLock: 'unfair', plugins });
    hypervisor.checks.latch(0, check);
    expect(machine.describeAgent(0)).toBe('plain exit: claim (waits for big)');
    expect(vcpus[0].nip).toBe(ENTRY);
    expect(vcpus[0].reg('srr0')).toBe(BigInt(ENTRY));
    step(0, 3);
    expect(vcpus[0].nip).toBe(0x3000);
    expect(machine.use('exitLock').holder).toBe(-1);
  });
});

describe('a check that a strategy leaves to 0x200', () => {
  it.each([
    ['kvm', MSR.SF | MSR.ME],
    ['isa', MSR.SF],
  ] as const)('is taken there as it struck, and stays pending (%s)', (entryMe, msr) => {
    const leave = delivery((h) =>
      h.steps({
        name: 'leave',
        steps: {
          leave(c) {
            h.checks.architected(c.agent);
            return c.resume();
          },
        },
      }),
    );
    const { machine, vcpus, step, hypervisor } = made({ entryMe, plugins: [leave] });
    const told: unknown[] = [];
    machine.bus.on('architectedCheck', (event) => told.push(event));
    const boundary = vcpus[0].reg('msr');
    hypervisor.checks.latch(0, { ...check, kind: 'ue-fetch' });
    step(0);
    expect([vcpus[0].nip, vcpus[0].reg('msr'), told]).toEqual([0x200, msr, [{ agent: 0 }]]);
    expect([vcpus[0].reg('srr0'), vcpus[0].reg('srr1')]).toEqual([BigInt(ENTRY), boundary | 0x40000n]);
    expect(hypervisor.checks.pending(0)?.kind).toBe('ue-fetch');
  });
});

describe('a second check', () => {
  it('that comes while the first is being reported leaves it pending, and strikes when the vCPU returns', () => {
    const plugins = [
      delivery((h) =>
        h.steps({
          name: 'report',
          steps: {
            wait: (c) => c.goto('report'),
            report(c) {
              reported.push(h.checks.pending(c.agent)?.kind);
              h.checks.take(c.agent);
              return c.resume(0x3000);
            },
          },
        }),
      ),
    ];
    const reported: unknown[] = [];
    const { vcpus, step, hypervisor } = made({ plugins });
    hypervisor.checks.latch(0, check);
    hypervisor.checks.latch(0, { ...check, kind: 'erat-multihit' });
    expect(hypervisor.checks.pending(0)?.kind).toBe('slb-multihit');
    step(0, 2);
    expect([reported, hypervisor.mode(0)]).toEqual([['slb-multihit'], 'hypervisor']);
    expect(vcpus[0].reg('srr0')).toBe(0x3000n);
    expect(hypervisor.checks.pending(0)?.kind).toBe('erat-multihit');
  });
});

describe('injectChecks', () => {
  it('offers as many checks as it was told, at boundaries only', () => {
    const { machine, until } = made({ exitLock: 'unfair', plugins: [injectChecks({ perVcpu: 2 })] });
    const offered = () => machine.alternatives().filter(({ action }) => action === 'check');
    expect(offered()).toEqual([{ agent: 0, action: 'check', cost: 'fault' }]);
    until(0, 'lock');
    expect(offered()).toEqual([]);
    until(0, 'guest');
    machine.step(0, 1);
    machine.step(0, 1);
    expect(offered()).toEqual([]);
  });

  it('offers one after another for ever, when it is told to, and counts none', () => {
    const { machine } = made({ exitLock: 'unfair', plugins: [injectChecks({ perVcpu: 'unbounded' })] });
    const { bus, arena } = machine;
    const isOffered = () => machine.alternatives().some(({ action }) => action === 'check');
    const returned = { agent: 0, nip: 0n, msr: 0n };
    const seen: unknown[] = [];
    const look = (): void => {
      seen.push([isOffered(), arena.computeHash()]);
    };
    look();
    for (let i = 0; i < 2; i++) {
      bus.emit('check', { agent: 0, kind: 'slb-multihit', recovered: false });
      bus.emit('interrupt', { agent: 0, vector: 0x200, from: 0n, srr1: 0n });
      bus.emit('interrupt', { agent: 0, vector: 0xc00, from: 0n, srr1: 0n });
      bus.emit('interruptReturn', returned);
      look();
      bus.emit('interruptReturn', returned);
      look();
      bus.emit('interruptReturn', returned);
    }
    expect(seen.map((one) => (one as unknown[])[0])).toEqual([true, false, true, false, true]);
    expect(new Set([seen[0], seen[2], seen[4]].map((one) => JSON.stringify(one))).size).toBe(1);
    expect(seen[3]).toEqual(seen[1]);
  });

  it.each(['started', 'kernelReplaced'] as const)('takes no check for under way any more once told %s', (event) => {
    const { machine } = made({ exitLock: 'unfair', plugins: [injectChecks({ perVcpu: 'unbounded' })] });
    machine.bus.emit('check', { agent: 0, kind: 'slb-multihit', recovered: false });
    machine.bus.emit(event, { agent: 0, nip: 0 });
    expect(machine.alternatives().some(({ action }) => action === 'check')).toBe(true);
  });

  it('refuses more than the guest has levels for', () => {
    expect(() => made({ plugins: [injectChecks({ perVcpu: 3 })] })).toThrow(
      expect.objectContaining({ code: 'CHECKS_BEYOND_GUEST', details: { perVcpu: 3, guest: 'program', levels: 2 } }),
    );
    expect(() => injectChecks({ perVcpu: 5 })).toThrow(/perVcpu/);
  });

  it('refuses options that make no sense', () => {
    expect(() => injectChecks({ perVcpu: -1 })).toThrow(/perVcpu/);
    expect(() => injectChecks({ kind: 'flat tyre' as never })).toThrow(/kind/);
  });
});
