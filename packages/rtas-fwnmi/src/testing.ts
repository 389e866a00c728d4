import { cede, createHypervisor, rtasGateway } from '@checkstop/hypervisor';
import { createMachine, definePlugin, type Machine, type Plugin, type PluginInput } from '@checkstop/kernel';
import { assemble, MSR, ppc64, type Vcpu } from '@checkstop/ppc-core';
import { fwnmi } from './fwnmi.ts';

/** Where tests put argument blocks. */
const BLOCK = 0x2000;
const CALL_SITE = 0x1000;

/** A machine for tests: firmware under a hypervisor without locks, and RTAS calls made for the vCPUs one at a time. */
export interface Bench {
  readonly machine: Machine;
  readonly vcpus: readonly Vcpu[];
  /** Makes an RTAS call on a vCPU, by real code; answers with the result cells, signed. */
  call(agent: number, token: number, args: readonly number[], results: number): number[];
}

/** Sets up the bench: `plugins` come behind the firmware. */
export function bench(
  options: Parameters<typeof fwnmi>[0] = {},
  plugins: readonly PluginInput[] = [],
  ram = 0x1_0000,
): Bench {
  const hypervisor = definePlugin({
    name: 'bench',
    version: '1.0.0',
    contract: 1,
    requires: ['processor'],
    provides: ['hypervisor'],
    agents: () => 3,
    setup(ctx) {
      ctx.memory(ram);
      const made = createHypervisor(ctx);
      ctx.provide('hypervisor', made);
      made.hcalls.bind(0xe0, cede(made));
      made.hcalls.bind(0xf000, rtasGateway(ctx, made));
    },
  });
  const machine = createMachine({ plugins: [ppc64(), hypervisor(), fwnmi(options), plugins] });
  const { vcpus } = machine.use('processor');
  machine.ram.writeBytes(CALL_SITE, assemble('sc 1', { origin: CALL_SITE, endian: 'big' }).bytes);
  machine.use('hypervisor').start(0, { nip: CALL_SITE, r3: 0n, ile: false });
  return {
    machine,
    vcpus,
    call(agent, token, args, results) {
      const vcpu = vcpus[agent] as Vcpu;
      const cells = [token, args.length, results, ...args];
      for (const [i, cell] of cells.entries()) machine.ram.writeU32(BLOCK + 4 * i, cell, 'big');
      vcpu.setReg('nip', BigInt(CALL_SITE));
      vcpu.setReg('msr', MSR.SF | MSR.ME);
      vcpu.setGpr(3, 0xf000n);
      vcpu.setGpr(4, BigInt(BLOCK));
      for (let i = 0; i < 3; i++) machine.step(agent);
      const first = BLOCK + 4 * cells.length;
      return Array.from({ length: results }, (_, i) => machine.ram.readU32(first + 4 * i, 'big') | 0);
    },
  };
}

/** Leaves every check pending, for the test to report; has frames of the given sizes. */
export const patient = (sizes: readonly number[] = [], addresses: number[] = []): Plugin =>
  definePlugin({
    name: 'patient',
    version: '1.0.0',
    contract: 1,
    requires: ['fwnmi'],
    provides: ['delivery'],
    setup(ctx) {
      for (const bytes of sizes) addresses.push(ctx.use('fwnmi').frame(bytes));
      ctx.provide('delivery', { strike: () => undefined });
    },
  })();
