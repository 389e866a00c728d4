import { assemble, type RegisterName } from '@checkstop/ppc-core';
import { describe, expect, it } from 'vitest';
import { rtasGateway } from './rows/rtas-gateway.ts';
import { setSprg0 } from './rows/set-sprg0.ts';
import type { StepsDefinition } from './steps.ts';
import { bench, ENTRY } from './testing.ts';

const SPECIAL = ['cr', 'lr', 'ctr', 'xer', 'sprg0', 'sprg1', 'sprg2', 'sprg3'] as const satisfies RegisterName[];
const RTAS = 0xf000;
const KEEPING = 0xf004;

/** Registers that a call changed, of those that hold a pattern before it. */
function changed(number: number, poison: boolean): string[] {
  const keeping: StepsDefinition<Record<never, never>, 'answer'> = {
    name: 'keeping',
    clobbers: 'nothing',
    steps: { answer: (c) => c.done(0) },
  };
  const { machine, vcpus, until } = bench('nop', {
    poison,
    extend(h, ctx) {
      h.hcalls.bind(0x24, setSprg0(h));
      h.hcalls.bind(RTAS, rtasGateway(ctx, h));
      h.hcalls.bind(KEEPING, h.steps(keeping));
    },
  });
  const [vcpu] = vcpus;
  machine.ram.writeBytes(ENTRY, assemble('sc 1', { endian: 'big' }).bytes);
  const pattern = 0x5a5a_5a5a_5a5an;
  for (let n = 0; n < 32; n++) vcpu.setGpr(n, pattern);
  for (const name of SPECIAL) vcpu.setReg(name, 0x5a5a_5a5an);
  vcpu.setReg('xer', 0n);
  vcpu.setGpr(3, BigInt(number));
  machine.step(0);
  until(0, 'guest');
  expect(vcpu.nip).toBe(ENTRY + 4);
  const gprs = Array.from({ length: 32 }, (_, n) => [`r${n}`, vcpu.gpr(n), pattern] as const);
  const special = SPECIAL.map((name) => [name, vcpu.reg(name), name === 'xer' ? 0n : 0x5a5a_5a5an] as const);
  const crField = (n: number) =>
    [`cr${n}`, (vcpu.reg('cr') >> BigInt(28 - 4 * n)) & 15n, (0x5a5a_5a5an >> BigInt(28 - 4 * n)) & 15n] as const;
  const fields = Array.from({ length: 8 }, (_, n) => crField(n));
  return [...gprs, ...fields, ...special.slice(1)].filter(([, is, was]) => is !== was).map(([name]) => name);
}

const VOLATILE = ['r0', 'r3', ...[4, 5, 6, 7, 8, 9, 10, 11, 12].map((n) => `r${n}`), 'cr0', 'cr1', 'cr5', 'cr6', 'cr7'];

describe('poison', () => {
  it('destroys what an ordinary hypercall may destroy', () => {
    expect(changed(0x24, true)).toEqual([...VOLATILE, 'ctr', 'xer', 'sprg0']); // SPRG0 is what it sets
  });

  it('destroys LR and SPRG2, too, in an RTAS call', () => {
    expect(changed(RTAS, true)).toEqual([...VOLATILE, 'lr', 'ctr', 'xer', 'sprg2']);
  });

  it('destroys nothing where the maker of the call counts on it', () => {
    expect(changed(KEEPING, true)).toEqual(['r3']);
  });

  it('is off by default', () => {
    expect(changed(0x24, false)).toEqual(['r3', 'sprg0']);
    expect(changed(RTAS, false)).toEqual(['r3']);
  });
});
