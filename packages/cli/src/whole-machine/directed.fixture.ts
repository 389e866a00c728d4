import type { Answers, Machine } from '@checkstop/kernel';
import { assemble, MSR, type RegisterName, type Vcpu } from '@checkstop/ppc-core';
import { prepareCell } from '../cell.ts';
import { parsePluginSpec } from '../plugin-spec.ts';

/** Number of the action that strikes. */
const CHECK = 1;

/** Steps within which a vCPU gets wherever it goes. */
const PATIENCE = 400;

/** Where a rig puts code and argument blocks of calls that the guest does not make by itself: memory that the guests leave alone. */
const CALL = 0x7e00;

const SPECIAL = ['cr', 'lr', 'ctr', 'xer', 'sprg0', 'sprg1', 'sprg2', 'sprg3'] as const satisfies RegisterName[];

/** What a directed run is made with. */
export interface RigOptions {
  readonly guest?: string;
  readonly profile?: Record<string, unknown>;
  readonly hypervisor?: Record<string, unknown>;
}

/** A whole machine at `ready`, driven step by step. */
export interface Rig {
  readonly machine: Machine;
  readonly vcpus: readonly Vcpu[];
  /** What the event properties complain of, `property: text`. */
  readonly complaints: readonly string[];
  /** Address of one of the guest's labels. */
  symbol(name: string): number;
  /** A check strikes the vCPU, which remembers what it held. */
  strike(agent: number): void;
  /** Steps a vCPU until this is true, and says whether it came to that. */
  until(agent: number, there: () => boolean, answers?: Answers): boolean;
  /** Steps a struck vCPU to the first instruction of its registered routine, and says whether it got there. */
  enter(agent: number, answers?: Answers): boolean;
  /** What the routine finds that is not as it was when the check struck, or not as PAPR has it. */
  differences(agent: number): string[];
  /** Has a vCPU make an RTAS call, by real code; answers with the status. */
  rtas(agent: number, token: number, ...args: number[]): number;
}

/** All that a routine must find as it was, by name. */
function context(vcpu: Vcpu): Record<string, bigint> {
  const gprs = Array.from({ length: 32 }, (_, n) => [`r${n}`, vcpu.gpr(n)] as const);
  return Object.fromEntries([...gprs, ...SPECIAL.map((name) => [name, vcpu.reg(name)] as const)]);
}

/** Boots a machine of two vCPUs, with as many checks as may nest. */
export async function rig(strategy: string, options: RigOptions = {}): Promise<Rig> {
  const { guest = 'guest-linux:endian=big', profile = {}, hypervisor = {} } = options;
  const cell = await prepareCell({
    strategy: parsePluginSpec(strategy),
    guest: parsePluginSpec(guest),
    hypervisor: { name: 'qemu', options: hypervisor },
    ...{ vcpus: 2, profile, checks: { perVcpu: 4 } },
  });
  const machine = cell.boot();
  const { vcpus } = machine.use('processor');
  const modeOf = (agent: number): string => machine.use('hypervisor').mode(agent);

  const complaints: string[] = [];
  for (const property of machine.properties) {
    if (property.kind !== 'event') continue;
    for (const event of property.on)
      machine.bus.on(event, (payload) => {
        const text = property.check(payload, event);
        if (text !== undefined) complaints.push(`${property.name}: ${text}`);
      });
  }
  const held = new Map<number, { context: Record<string, bigint>; nip: bigint; msr: bigint }>();

  /** Compared as the first instruction of the routine is about to execute: it changes a register itself. */
  const compare = (agent: number): string[] => {
    const vcpu = vcpus[agent];
    const before = held.get(agent);
    if (!before) throw new Error(`vcpu${agent} was never struck`);
    const at = Number(vcpu.gpr(3));
    const pairs: (readonly [string, bigint, bigint | undefined])[] = [
      ...Object.entries(context(vcpu)).map(([name, is]) => [name, is, before.context[name]] as const),
      ['srr0', vcpu.reg('srr0'), before.nip],
      ['srr1', vcpu.reg('srr1') & ~MSR.SRR1_CAUSE, before.msr & ~MSR.SRR1_CAUSE],
      ['msr', vcpu.reg('msr') & (MSR.SF | MSR.ME), MSR.SF | MSR.ME],
      ['saved r3', machine.ram.readU64(at, 'big'), before.context.r3],
      ['version', BigInt(machine.ram.readBytes(at + 8, 1)[0] as number), 6n],
      ['alignment', BigInt(at % 16), 0n],
    ];
    return pairs.filter(([name, is, was]) => name !== 'r3' && is !== was).map(([name]) => name);
  };
  const found = new Map<number, string[]>();
  machine.bus.on('delivered', ({ agent }) => found.set(agent, compare(agent)));

  const until: Rig['until'] = (agent, there, answers) => {
    for (let steps = 0; !there(); steps++) {
      if (steps === PATIENCE || !machine.available(agent, 0)) return false;
      machine.step(agent, 0, answers);
    }
    return true;
  };

  return {
    ...{ machine, vcpus, complaints, until },
    symbol: (name) => machine.use('guest').symbols.get(name) as number,
    strike(agent) {
      const vcpu = vcpus[agent];
      held.set(agent, { context: context(vcpu), nip: vcpu.reg('nip'), msr: vcpu.reg('msr') });
      machine.step(agent, CHECK);
    },
    enter(agent, answers) {
      found.delete(agent);
      return until(agent, () => found.has(agent), answers);
    },
    differences: (agent) => found.get(agent) ?? ['never delivered'],
    rtas(agent, token, ...args) {
      const { endian } = machine.use('guest');
      const cells = [token, args.length, 1, ...args, 0xffff_fffe];
      for (const [i, cell] of cells.entries()) machine.ram.writeU32(CALL + 16 + 4 * i, cell >>> 0, 'big');
      machine.ram.writeBytes(CALL, assemble('sc 1', { endian }).bytes);
      const vcpu = vcpus[agent];
      vcpu.nip = CALL;
      vcpu.setGpr(3, 0xf000n);
      vcpu.setGpr(4, BigInt(CALL + 16));
      if (!until(agent, () => modeOf(agent) === 'guest' && vcpu.nip === CALL + 4)) throw new Error('the call hangs');
      return machine.ram.readU32(CALL + 16 + 4 * (cells.length - 1), 'big') | 0;
    },
  };
}
