import { roundRobin } from '@checkstop/kernel';
import { describe, expect, it } from 'vitest';
import type { CheckKind } from './check-kinds.ts';
import { injectChecks } from './inject.ts';
import { cede } from './rows/cede.ts';
import { type BenchOptions, bench, ENTRY } from './testing.ts';

/** r4 is loaded, changed and stored; r3 becomes the number of a hypercall that nobody owns. */
const PROGRAM = 'li 1,0x2000\n ld 4,0(1)\n addi 4,4,1\n stdx 4,0,1\n li 3,1\n sc 1\n b .';

type Struck = { kind?: CheckKind; recovered?: boolean; perVcpu?: number };

function made({ kind = 'slb-multihit', ...more }: Struck = {}, options: BenchOptions = {}) {
  const lab = bench(PROGRAM, { plugins: [injectChecks({ arrival: 'sync', kind, ...more })], ...options });
  lab.machine.ram.writeU64(0x2000, 41n, 'big');
  const [vcpu] = lab.vcpus;
  const canStrike = () => lab.machine.available(0, 1);
  return {
    ...{ ...lab, vcpu, canStrike },
    /** Strikes before the instruction at this offset, and comes back from 0x200. */
    strikeAt(offset: number) {
      while (vcpu.nip !== ENTRY + offset) lab.step(0);
      lab.machine.step(0, 1);
    },
    comeBack() {
      vcpu.nip = Number(vcpu.reg('srr0'));
    },
  };
}

describe('a synchronous check', () => {
  it.each([
    ['slb-multihit', [4, 12]],
    ['ue-load-store', [4, 12]],
    ['slb-multihit-fetch', [0, 4, 8, 12, 16, 20]],
  ] as const)('%s strikes only what meets it', (kind, offsets) => {
    const { canStrike, step, vcpu } = made({ kind });
    const found: number[] = [];
    for (; vcpu.nip < ENTRY + 24; step(0)) if (canStrike()) found.push(vcpu.nip - ENTRY);
    expect(found).toEqual(offsets);
  });

  it('does not strike a vCPU that executes nothing', () => {
    const { canStrike, until } = made({ kind: 'ue-fetch' }, { extend: (h) => h.hcalls.bind(1, cede(h)) });
    until(0, 'ceded');
    expect(canStrike()).toBe(false);
  });

  it('finds the instruction not executed: SRR0 is its address, its target as it was', () => {
    const { strikeAt, vcpu } = made();
    vcpu.setGpr(4, 7n);
    strikeAt(4);
    expect([vcpu.nip, vcpu.reg('srr0'), vcpu.gpr(4)]).toEqual([0x200, BigInt(ENTRY + 4), 7n]);
  });
});

describe('what caused it', () => {
  it('strikes again there and nowhere else, as long as nobody repairs it', () => {
    const { strikeAt, comeBack, step, vcpu, hypervisor } = made();
    strikeAt(4);
    expect(hypervisor.checks.unrepaired(0)).toBe(false);
    for (let time = 0; time < 3; time++) {
      comeBack();
      step(0);
      expect([vcpu.nip, vcpu.reg('srr0'), vcpu.reg('dar')]).toEqual([0x200, BigInt(ENTRY + 4), 0xdeadbeefn]);
      expect(hypervisor.checks.unrepaired(0)).toBe(true);
    }
    vcpu.nip = ENTRY + 8;
    step(0);
    expect(vcpu.nip).toBe(ENTRY + 12);
  });

  it.each([
    ['slb-multihit', true],
    ['erat-multihit-fetch', true],
    ['tlb-multihit', false],
    ['ue-load-store', false],
  ] as const)('of %s is repaired by slbia: %s', (kind, repaired) => {
    const { strikeAt, comeBack, step, vcpu, machine } = made({ kind });
    strikeAt(4);
    machine.ram.writeU32(0x200, 0x7c00_03e4, 'big');
    step(0);
    expect(vcpu.nip).toBe(0x204);
    comeBack();
    step(0);
    expect(vcpu.nip).toBe(repaired ? ENTRY + 8 : 0x200);
    expect(vcpu.gpr(4)).toBe(repaired ? 41n : 0n);
  });

  it('is no more where the hardware has repaired it, and with the vCPU', () => {
    for (const recovered of [true, false]) {
      const { strikeAt, comeBack, step, vcpu, hypervisor } = made({ recovered }, { extend: (h) => stops(h) });
      strikeAt(4);
      if (!recovered) {
        vcpu.nip = ENTRY + 16;
        step(0, 3);
        expect(hypervisor.mode(0)).toBe('stopped');
        hypervisor.start(0, { nip: ENTRY + 4, r3: 0n, ile: false });
      } else comeBack();
      step(0);
      expect(vcpu.nip).toBe(ENTRY + 8);
    }
  });

  it('is no more on a vCPU that starts afresh', () => {
    const { strikeAt, step, vcpu, hypervisor } = made();
    strikeAt(4);
    hypervisor.halt(0);
    hypervisor.start(0, { nip: ENTRY + 4, r3: 0n, ile: false });
    step(0);
    expect(vcpu.nip).toBe(ENTRY + 8);
  });

  it('is met whatever the budget of a run', () => {
    const { strikeAt, machine, vcpu, hypervisor } = made();
    strikeAt(4);
    vcpu.nip = ENTRY;
    machine.run(roundRobin(100), { maxSteps: 2 });
    expect([vcpu.nip, vcpu.reg('srr0')]).toEqual([0x200, BigInt(ENTRY + 4)]);
    expect(hypervisor.checks.unrepaired(0)).toBe(true);
  });
});

const stops = (h: ReturnType<typeof bench>['hypervisor']) =>
  h.hcalls.bind(1, h.steps({ name: 'stop', steps: { stop: (c) => c.stopSelf() } }));
