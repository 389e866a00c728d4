import {
  type CapabilityName,
  createMachine,
  definePlugin,
  type Machine,
  type PluginContext,
  type PluginInput,
} from '@checkstop/kernel';
import { assemble, ppc64, type Vcpu } from '@checkstop/ppc-core';
import type { Guest } from './guest.ts';
import { createHypervisor, type Hypervisor, type HypervisorOptions } from './hypervisor.ts';
import type { LockOrder } from './lock.ts';

/** A machine for tests: a small hypervisor around a program that every vCPU runs. */
export interface Bench {
  readonly machine: Machine;
  readonly hypervisor: Hypervisor;
  readonly vcpus: readonly Vcpu[];
  /** Steps one vCPU `times` times. */
  step(agent: number, times?: number): void;
  /** Steps one vCPU until it is in this mode, at most 100 times. */
  until(agent: number, mode: string): void;
}

/** What a test wants of its bench. */
export interface BenchOptions extends HypervisorOptions {
  readonly vcpus?: number;
  /** One lock around every exit. */
  readonly exitLock?: LockOrder;
  /** Adds to the hypervisor's set-up: hypercalls, conditions, claims. */
  extend?(hypervisor: Hypervisor, ctx: PluginContext): void;
  /** Capabilities that `extend` provides. */
  readonly provides?: readonly CapabilityName[];
  readonly plugins?: readonly PluginInput[];
}

/** Where the program starts. */
export const ENTRY = 0x1000;

/** Sets up the bench: every vCPU runs `source` from `ENTRY`, its number in r3. */
export function bench(source: string, options: BenchOptions = {}): Bench {
  const { vcpus = 1, exitLock, extend, provides = [], plugins = [], ...rest } = options;
  let hypervisor = {} as Hypervisor;
  const plugin = definePlugin({
    name: 'bench',
    version: '1.0.0',
    contract: 1,
    requires: ['processor'],
    provides: ['hypervisor', ...(exitLock ? (['exitLock'] as const) : []), ...provides],
    agents: () => vcpus,
    setup(ctx) {
      ctx.memory(65536);
      hypervisor = createHypervisor(ctx, rest);
      ctx.provide('hypervisor', hypervisor);
      if (exitLock) ctx.provide('exitLock', hypervisor.lock('big', exitLock));
      extend?.(hypervisor, ctx);
    },
  });
  const machine = createMachine({ plugins: [ppc64(), plugin(), program(source)(), plugins] });
  for (let agent = 1; agent < vcpus; agent++) hypervisor.start(agent, { nip: ENTRY, r3: BigInt(agent), ile: false });
  const step = (agent: number, times = 1) => {
    for (let i = 0; i < times; i++) machine.step(agent);
  };
  return {
    machine,
    hypervisor,
    vcpus: machine.use('processor').vcpus,
    step,
    until(agent, mode) {
      for (let i = 0; i < 100 && hypervisor.mode(agent) !== mode; i++) step(agent);
      if (hypervisor.mode(agent) !== mode) throw new Error(`vcpu${agent} never gets to mode ${mode}`);
    },
  };
}

const program = (source: string) =>
  definePlugin({
    name: 'program',
    version: '1.0.0',
    contract: 1,
    provides: ['guest'],
    setup(ctx) {
      const { bytes, symbols } = assemble(source, { origin: ENTRY, endian: 'big' });
      const guest: Guest = {
        name: 'program',
        entry: ENTRY,
        endian: 'big',
        symbols,
        ready: ENTRY,
        work: { start: ENTRY, end: ENTRY + bytes.length },
        regions: { base: 0x8000, stride: 0x100 },
        levels: 2,
        sprgs: { persistent: [], scratch: [] },
      };
      ctx.provide('guest', guest);
      ctx.onReady(() => ctx.ram.writeBytes(ENTRY, bytes));
    },
  });
