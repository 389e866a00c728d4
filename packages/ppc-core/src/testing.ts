import { createMachine, definePlugin, type Machine } from '@checkstop/kernel';
import { type AssembleOptions, assemble } from './asm/assemble.ts';
import { type Processor, ppc64 } from './processor.ts';
import { MSR } from './state.ts';
import type { Vcpu } from './vcpu.ts';

/** A bare machine for tests: vCPUs, RAM, a program, nobody around them. */
export interface Bench {
  readonly machine: Machine;
  readonly processor: Processor;
  /** The first vCPU. */
  readonly vcpu: Vcpu;
}

/** Makes a machine of 64 KiB with a program in it, and the vCPUs at its start with MSR = SF | ME, plus LE if little. */
export function bench(
  source: string,
  options: {
    vcpus?: number;
    endian?: 'big' | 'little';
    origin?: number;
    ram?: number;
    logBytes?: number;
  } & AssembleOptions = {},
): Bench {
  const { vcpus = 1, endian = 'big', origin = 0x1000, ram = 65536, logBytes } = options;
  const board = definePlugin({
    name: 'bench',
    version: '1.0.0',
    contract: 1,
    requires: ['processor'],
    agents: () => vcpus,
    setup(ctx) {
      const processor = ctx.use('processor');
      ctx.memory(ram);
      ctx.drive((index) => ({
        name: `vcpu${index}`,
        enabled: () => true,
        step: (budget) => (processor.vcpus[index] as Vcpu).run(budget).steps,
      }));
    },
  });
  const machine = createMachine({ plugins: [ppc64(), board()], ...(logBytes && { logBytes }) });
  const processor = machine.use('processor');
  machine.ram.writeBytes(origin, assemble(source, { ...options, origin, endian }).bytes);
  for (const vcpu of processor.vcpus) {
    vcpu.nip = origin;
    vcpu.setReg('msr', MSR.SF | MSR.ME | (endian === 'little' ? MSR.LE : 0n));
    vcpu.setReg('ile', endian === 'little' ? 1n : 0n);
  }
  machine.arena.forgetMarks();
  return { machine, processor, vcpu: processor.vcpus[0] as Vcpu };
}
