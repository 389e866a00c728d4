import { describe, expect, it } from 'vitest';
import { bench } from './testing.ts';

describe('a vCPU', () => {
  it.each(['big', 'little'] as const)('runs a program, %s-endian', (endian) => {
    const { vcpu, machine } = bench(
      `
      li 3,0
      li 4,10
      mtctr 4
   1: add 3,3,4
      addi 4,4,-1
      bdnz 1b
      li 5,0x2000
      std 3,8(5)
      lwz 6,12(5)
      sc 1
      `,
      { endian },
    );
    expect(vcpu.run(1000)).toEqual({ steps: 3 + 30 + 4, exit: { kind: 'hcall' } });
    expect(vcpu.gpr(3)).toBe(55n);
    expect(vcpu.gpr(6)).toBe(endian === 'big' ? 55n : 0n);
    expect(machine.ram.readU64(0x2008, endian)).toBe(55n);
    expect(vcpu.nip).toBe(0x1000 + 10 * 4);
    expect(machine.arena.hash()).toBe(machine.arena.computeHash());
  });
});
