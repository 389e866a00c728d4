import { MSR } from '@checkstop/ppc-core';
import { describe, expect, it } from 'vitest';
import { cede } from './rows/cede.ts';
import { rtasGateway } from './rows/rtas-gateway.ts';
import { setMode } from './rows/set-mode.ts';
import { setSprg0 } from './rows/set-sprg0.ts';
import { bench, ENTRY } from './testing.ts';

const signed = (value: bigint) => Number(BigInt.asIntN(64, value));
const HCALL = (number: number, ...args: number[]) =>
  [`li 3,${number}`, ...args.map((value, i) => `li ${4 + i},${value}`), 'sc 1', 'nop'].join('\n');

describe('a hypercall', () => {
  it('without a row answers H_FUNCTION behind the sc', () => {
    const { vcpus, step, hypervisor } = bench(HCALL(0x123));
    step(0, 3);
    expect(hypervisor.mode(0)).toBe('guest');
    expect(signed(vcpus[0].gpr(3))).toBe(-2);
    expect(vcpus[0].nip).toBe(ENTRY + 8);
  });

  it('from problem state answers H_PRIVILEGE and goes nowhere', () => {
    const { vcpus, step, hypervisor } = bench(HCALL(0x123));
    vcpus[0].setReg('msr', vcpus[0].reg('msr') | MSR.PR);
    step(0, 2);
    expect(hypervisor.mode(0)).toBe('guest');
    expect(signed(vcpus[0].gpr(3))).toBe(-3);
  });

  it('takes all 64 bits of its number', () => {
    const { vcpus, step } = bench(`${HCALL(0x24, 77)}`, { extend: (h) => h.hcalls.bind(0x24, setSprg0(h)) });
    vcpus[0].setGpr(3, 0n);
    step(0, 2);
    vcpus[0].setGpr(3, 0x1_0000_0024n);
    step(0, 2);
    expect(signed(vcpus[0].gpr(3))).toBe(-2);
    expect(vcpus[0].reg('sprg0')).toBe(0n);
  });

  it('number that is taken is refused', () => {
    expect(() =>
      bench('nop', {
        extend(h) {
          h.hcalls.bind(0x24, setSprg0(h));
          h.hcalls.bind(0x24, cede(h));
        },
      }),
    ).toThrow(/0x24 is 'H_SET_SPRG0' already/);
  });

  it('is told', () => {
    const { machine, step } = bench(HCALL(0x24, 77), { extend: (h) => h.hcalls.bind(0x24, setSprg0(h)) });
    const told: unknown[] = [];
    machine.bus.on('hcall', (event) => told.push(event));
    step(0, 3);
    expect(told).toEqual([{ agent: 0, number: 0x24n, name: 'H_SET_SPRG0' }]);
  });
});

describe('rows', () => {
  it('H_SET_SPRG0 sets it', () => {
    const { vcpus, step } = bench(HCALL(0x24, 77), { extend: (h) => h.hcalls.bind(0x24, setSprg0(h)) });
    step(0, 4);
    expect(vcpus[0].reg('sprg0')).toBe(77n);
    expect(vcpus[0].gpr(3)).toBe(0n);
  });

  it('H_CEDE idles with EE=1', () => {
    const { vcpus, until, machine } = bench(HCALL(0xe0), { extend: (h) => h.hcalls.bind(0xe0, cede(h)) });
    until(0, 'ceded');
    expect(machine.alternatives()).toEqual([]);
    expect(vcpus[0].reg('msr') & MSR.EE).toBe(MSR.EE);
    expect(vcpus[0].gpr(3)).toBe(0n);
    expect(machine.describeAgent(0)).toBe('ceded');
  });

  it.each([
    [[1, 2, 0, 0], 0, 1n],
    [[0, 2, 0, 0], 0, 0n],
    [[1, 3, 0, 0], -55, 0n],
    [[1, 2, 1, 0], -56, 0n],
    [[1, 2, 0, 1], -57, 0n],
    [[2, 2, 0, 0], -256, 0n],
  ])('H_SET_MODE%j answers %i and leaves ILE=%i on every vCPU', (args, result, ile) => {
    const { vcpus, step } = bench(HCALL(0x31c, ...args), {
      vcpus: 2,
      extend: (h, ctx) => h.hcalls.bind(0x31c, setMode(ctx, h)),
    });
    step(0, 7);
    expect(signed(vcpus[0].gpr(3))).toBe(result);
    expect(vcpus.map((vcpu) => vcpu.reg('ile'))).toEqual([ile, ile]);
  });

  it.each([
    ['a token that nobody owns gets status -3', [0x2077, 0, 1, 0], 0x2000, -4, -3],
    ['a block at the end of RAM is refused', [0x2077, 0, 1, 0], 0xfffc, -4, undefined],
    ['a block with too many cells is refused', [0x2077, 9, 9, 0], 0x2000, -4, 0],
  ])('RTAS: %s', (_what, cells, address, result, status) => {
    const { vcpus, step, machine } = bench(`sc 1\nnop`, {
      extend: (h, ctx) => h.hcalls.bind(0xf000, rtasGateway(ctx, h)),
    });
    vcpus[0].setGpr(3, 0xf000n);
    vcpus[0].setGpr(4, BigInt(address));
    if (address < 0xf000) for (const [i, cell] of cells.entries()) machine.ram.writeU32(address + 4 * i, cell, 'big');
    step(0, 2);
    expect(signed(vcpus[0].gpr(3))).toBe(result);
    if (status !== undefined) expect(machine.ram.readU32(0x200c, 'big') | 0).toBe(status);
  });
});

describe('an instruction that raises emulation assistance', () => {
  it('is reflected as an illegal instruction when nobody claims it', () => {
    const { vcpus, step } = bench('.long 0x004d4d00');
    step(0);
    expect(vcpus[0].nip).toBe(0x700);
    expect(vcpus[0].reg('srr0')).toBe(BigInt(ENTRY));
    expect(vcpus[0].reg('srr1') & MSR.SRR1_CAUSE).toBe(0x80000n);
  });

  it('goes to the first who claims it', () => {
    const asked: string[] = [];
    const { vcpus, step } = bench('.long 0x004d4d00\n nop', {
      extend(h) {
        const machine = h.steps({ name: 'special', steps: { skip: (c) => c.resume(c.vcpu.nip + 4) } });
        h.claimEmulation((agent, word) => void asked.push(`first ${agent} ${word.toString(16)}`));
        h.claimEmulation(() => machine);
        h.claimEmulation(() => void asked.push('third'));
      },
    });
    step(0, 2);
    expect(vcpus[0].nip).toBe(ENTRY + 4);
    expect(asked).toEqual(['first 0 4d4d00']);
  });

  it('is illegal too when it is attn, which nobody is asked about', () => {
    const { vcpus, step } = bench('.long 0x00000200', {
      extend(h) {
        const any = h.steps({ name: 'any', steps: { skip: (c) => c.resume(c.vcpu.nip + 4) } });
        h.claimEmulation(() => any);
      },
    });
    step(0);
    expect(vcpus[0].nip).toBe(0x700);
  });
});
