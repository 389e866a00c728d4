import { createHypervisor, type Hypervisor, injectChecks, type Mode, rtasGateway } from '@checkstop/hypervisor';
import { createMachine, definePlugin, type Machine, type Plugin, type PluginInput } from '@checkstop/kernel';
import { asm, MSR, ppc64, type Vcpu } from '@checkstop/ppc-core';
import { type Fwnmi, fwnmi, TOKENS } from '@checkstop/rtas-fwnmi';

const H_RTAS = 0xf000;

/** Number of the action that `injectChecks` offers. */
const CHECK = 1;

/** Code of every vCPU: vCPU 0 registers, then all do nothing for ever; the routine gives the interlock back and stays. */
const program = asm`
start:
        li      r4, register_args
        li      r3, 0
        ori     r3, r3, H_RTAS
        sc      1
work:
        nop
        b       work
routine:
        li      r4, interlock_args
        li      r3, 0
        ori     r3, r3, H_RTAS
        sc      1
        b       .
        .endian big
        .balign 16
register_args:
        .long   NMI_REGISTER, 2, 1, 0, ROUTINE, 0
interlock_args:
        .long   NMI_INTERLOCK, 0, 1, 0
`;

/** A machine around one strategy: two vCPUs under an exit lock, registered, both at the work. */
export interface Stage {
  readonly machine: Machine;
  readonly hypervisor: Hypervisor;
  readonly fwnmi: Fwnmi;
  readonly vcpus: readonly Vcpu[];
  /** Addresses of the program's labels. */
  label(name: string): number;
  strike(agent: number): void;
  /** Steps a vCPU until it is in a mode, or its next instruction is at an address; at most 100 times. */
  until(agent: number, target: Mode | number): void;
}

/** Options of `stage`. */
export interface StageOptions {
  readonly endian?: 'big' | 'little';
  /** Added to the address that is registered. */
  readonly routineOffset?: number;
  readonly registers?: boolean;
  readonly plugins?: readonly PluginInput[];
  /** Options of the firmware. */
  readonly firmware?: Parameters<typeof fwnmi>[0];
  /** Whether the checks are recovered. */
  readonly recovered?: boolean;
}

/** Sets the stage for a strategy. */
export function stage(strategy: Plugin, options: StageOptions = {}): Stage {
  const { endian = 'big', routineOffset = 0, registers = true, plugins = [], firmware, recovered = false } = options;
  const symbols = { ...TOKENS, H_RTAS };
  const assembled = (routine: number) =>
    program.assemble({ origin: 0x1000, endian, symbols: { ...symbols, ROUTINE: routine } });
  const labels = assembled(0).symbols;
  const label = (name: string): number => labels.get(name) as number;
  const bare = definePlugin({
    name: 'stage',
    version: '1.0.0',
    contract: 1,
    requires: ['processor'],
    provides: ['hypervisor', 'exitLock'],
    agents: () => 2,
    setup(ctx) {
      ctx.memory(0x10000);
      const hypervisor = createHypervisor(ctx);
      ctx.provide('hypervisor', hypervisor);
      ctx.provide('exitLock', hypervisor.lock('big lock'));
      hypervisor.hcalls.bind(H_RTAS, rtasGateway(ctx, hypervisor));
      ctx.onReady(() => ctx.ram.writeBytes(0x1000, assembled(label('routine') + routineOffset).bytes));
    },
  });
  const machine = createMachine({
    plugins: [ppc64(), bare(), fwnmi(firmware), strategy, injectChecks({ perVcpu: 2, recovered }), ...plugins],
  });
  const hypervisor = machine.use('hypervisor');
  const { vcpus } = machine.use('processor');
  const at = (agent: number, target: Mode | number): boolean =>
    typeof target === 'string'
      ? hypervisor.mode(agent) === target
      : hypervisor.mode(agent) === 'guest' && vcpus[agent].nip === target;
  const until = (agent: number, target: Mode | number): void => {
    for (let steps = 0; !at(agent, target); steps++) {
      if (steps === 100 || !machine.available(agent, 0))
        throw new Error(`vcpu${agent} never gets to ${target}: ${machine.describeAgent(agent)}`);
      machine.step(agent);
    }
  };
  for (const vcpu of vcpus) {
    const start = label(vcpu.index === 0 && registers ? 'start' : 'work');
    hypervisor.start(vcpu.index, { nip: start, r3: 0n, ile: endian === 'little' });
    if (endian === 'little') vcpu.setReg('msr', vcpu.reg('msr') | MSR.LE);
  }
  until(0, label('work'));
  for (const vcpu of vcpus) vcpu.setReg('msr', vcpu.reg('msr') | MSR.RI);
  return {
    machine,
    hypervisor,
    vcpus,
    label,
    until,
    fwnmi: machine.use('fwnmi'),
    strike: (agent) => void machine.step(agent, CHECK),
  };
}
