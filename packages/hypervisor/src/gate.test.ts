import { MSR } from '@checkstop/ppc-core';
import { describe, expect, it } from 'vitest';
import type { Condition } from './condition.ts';
import type { Gate } from './gate.ts';
import type { Hypervisor } from './hypervisor.ts';
import type { Section } from './sections.ts';
import type { StepMachine } from './steps.ts';
import { bench, ENTRY } from './testing.ts';

const check = { kind: 'slb-multihit', recovered: false, address: 0n } as const;

const sectionsOf = (hypervisor: Hypervisor) => (name: string) =>
  hypervisor.sections.find((section) => section.name === name) as Section;

/** vCPUs that call, and whose call waits for a condition. */
function gated(vcpus = 1) {
  let gate = {} as Gate;
  let waited = {} as Condition;
  let waits = {} as StepMachine;
  const left: number[] = [];
  const made = bench('li 3,1\n sc 1\n nop\n nop', {
    vcpus,
    exitLock: 'fifo',
    extend(hypervisor: Hypervisor) {
      gate = hypervisor.gate();
      gate.onLeft((agent) => left.push(agent));
      waited = hypervisor.condition('news');
      waits = hypervisor.steps({
        name: 'wait',
        steps: { wait: (c) => c.wait(waited, 'done'), done: (c) => c.done(0) },
      });
      hypervisor.hcalls.bind(1, waits);
    },
  });
  return { ...made, gate, waited, left, section: sectionsOf(made.hypervisor) };
}

describe('the gate', () => {
  it('knows who is inside, from the call until it returns', () => {
    const { gate, waited, left, step, until } = gated(2);
    until(1, 'condition');
    expect([gate.inside, left]).toEqual([0b10, []]);
    waited.broadcast();
    until(1, 'guest');
    expect([gate.inside, left]).toEqual([0, [1]]);
    step(0, 2);
    expect(gate.inside).toBe(0b01);
  });

  it('holds calls while it is closed, and takes no place in the queue of the lock for them', () => {
    const { gate, machine, hypervisor, step, until } = gated(2);
    gate.closed = true;
    step(0, 2);
    expect([hypervisor.mode(0), gate.inside, machine.available(0, 0)]).toEqual(['lock', 0, false]);
    expect(machine.describeAgent(0)).toBe('exit (waits for the machine)');
    gate.closed = false;
    until(1, 'condition');
    until(0, 'condition');
    expect(gate.inside).toBe(0b11);
  });

  it.each([
    ['an illegal word', '.long 0x004d4d00', 0n, 0x700],
    ['a hypercall from problem state', 'sc 1', MSR.PR, ENTRY + 4],
  ])('holds %s, and what was latched meanwhile strikes before the next instruction', (_what, word, msr, next) => {
    let gate = {} as Gate;
    const { hypervisor, vcpus, step } = bench(word, {
      exitLock: 'unfair',
      extend(h) {
        gate = h.gate();
      },
    });
    gate.closed = true;
    vcpus[0].setReg('msr', vcpus[0].reg('msr') | msr);
    step(0);
    hypervisor.checks.latch(0, check);
    expect(vcpus[0].reg('nip')).not.toBe(0x200n);
    gate.closed = false;
    step(0);
    expect([vcpus[0].nip, vcpus[0].reg('srr0')]).toEqual([0x200, BigInt(next)]);
  });

  it('counts who is dispatched as inside, until that is done', () => {
    let gate = {} as Gate;
    bench('nop', {
      provides: ['dispatcher'],
      extend(h, ctx) {
        gate = h.gate();
        const machine = h.steps({ name: 'dispatch', steps: { tell: (c) => c.resume() } });
        ctx.provide('dispatcher', { dispatch: () => machine, yielded() {} });
      },
    }).step(0, 0);
    expect(gate.inside).toBe(1);
  });

  it('lets in at once whom a check takes out of the guest', () => {
    let machineOf: StepMachine | undefined;
    let gate = {} as Gate;
    const { hypervisor } = bench('nop', {
      provides: ['delivery'],
      extend(h, ctx) {
        gate = h.gate();
        machineOf = h.steps({ name: 'deliver', steps: { deliver: (c) => c.resume() } });
        ctx.provide('delivery', { strike: () => machineOf });
      },
    });
    gate.closed = true;
    hypervisor.checks.latch(0, check);
    expect([hypervisor.mode(0), gate.inside]).toEqual(['hypervisor', 1]);
  });
});

describe('what the machine can lose', () => {
  it('checks, and what was sampled as they struck', () => {
    const { hypervisor } = bench('nop\n nop', {
      provides: ['delivery'],
      extend(h, ctx) {
        h.gate();
        ctx.provide('delivery', { strike: () => undefined });
      },
    });
    const section = sectionsOf(hypervisor);
    expect([section('checks').empty(), section('samples').empty()]).toEqual([true, true]);
    hypervisor.checks.latch(0, check);
    expect(hypervisor.checks.pending(0)).toMatchObject({ kind: 'slb-multihit', srr0: 0x1000n });
    section('samples').clear(0);
    expect(hypervisor.checks.pending(0)).toMatchObject({ kind: 'slb-multihit', srr0: 0n, srr1: 0n, cr: 0n });
    expect([section('checks').empty(), section('samples').empty()]).toEqual([false, true]);
    section('checks').clear(0);
    expect(hypervisor.checks.pending(0)).toBeUndefined();
  });

  it('waiters, whom nobody can wake then', () => {
    const { section, waited, machine, until } = gated();
    until(0, 'condition');
    section('waiters').clear(0);
    expect([section('waiters').empty(), waited.waiters]).toEqual([true, 0]);
    waited.broadcast();
    expect(machine.available(0, 0)).toBe(false);
  });

  it('a vCPU that is halted, with all that was in its registers', () => {
    const { hypervisor, vcpus, machine, step } = gated();
    step(0);
    hypervisor.halt(0);
    expect([hypervisor.mode(0), vcpus[0].gpr(3), vcpus[0].reg('nip'), machine.available(0, 0)]).toEqual([
      'stopped',
      0n,
      0n,
      false,
    ]);
    hypervisor.start(0, { nip: 0x1000, r3: 7n, ile: false });
    expect(vcpus[0].gpr(3)).toBe(7n);
  });
});
