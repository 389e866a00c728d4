import { createMachine, type Machine } from '@checkstop/kernel';
import { assemble, MSR, ppc64, type Vcpu, VECTOR } from '@checkstop/ppc-core';
import { HCALL } from './hcall-numbers.ts';
import { qemu } from './qemu.ts';

/** Where the tests' code lies: a hypercall, a loop of an idle vCPU, and one that resets vCPU 0 for ever. */
const CALL_SITE = 0x1000;
export const IDLE = 0x1100;
export const RESETS = 0x1200;

/** Sub-functions of H_REGISTER_VPA, as guests write them in r4. */
export const FUNCTION = {
  registerVpa: 0x2000_0000_0000n,
  registerDtl: 0x4000_0000_0000n,
  registerSlbShadow: 0x6000_0000_0000n,
  deregisterVpa: 0xa000_0000_0000n,
  deregisterDtl: 0xc000_0000_0000n,
  deregisterSlbShadow: 0xe000_0000_0000n,
} as const;

/** A machine for tests: started vCPUs, hypercalls made by real code one at a time, and areas as guests fill them in. */
export interface Bench {
  readonly machine: Machine;
  readonly vcpus: readonly Vcpu[];
  /** Every hypervisorWrite so far, as text. */
  readonly writes: string[];
  /** Makes a hypercall; answers with r3, signed. */
  call(agent: number, number: number, ...args: readonly bigint[]): bigint;
  /** Fills in the size of an area: 16 bits of a VPA, else 32. */
  size(address: number, bytes: number, width?: 'vpa'): void;
  /** Lets the vCPU cede. */
  cede(agent: number): void;
  /** Wakes it by a system reset, and lets it run until it is in the guest again. */
  wake(agent: number): void;
  /** Steps the vCPU until it is in this mode, at most 100 times. */
  until(agent: number, mode: string): void;
}

/** Sets up the bench. */
export function bench(options: Parameters<typeof qemu>[0] = {}): Bench {
  const machine = createMachine({ plugins: [ppc64(), qemu(options)] });
  const { vcpus } = machine.use('processor');
  const hypervisor = machine.use('hypervisor');
  const code = (address: number, source: string) =>
    machine.ram.writeBytes(address, assemble(source, { origin: address, endian: 'big' }).bytes);
  code(CALL_SITE, 'sc 1');
  code(VECTOR.systemReset, 'rfid');
  code(IDLE, `1: li 3,${HCALL.H_CEDE}\n sc 1\n b 1b`);
  code(RESETS, `1: li 3,${HCALL.H_SIGNAL_SYS_RESET}\n li 4,0\n sc 1\n b 1b`);
  for (const { index } of vcpus) hypervisor.start(index, { nip: CALL_SITE, r3: 0n, ile: false });
  const writes: string[] = [];
  machine.bus.on('hypervisorWrite', ({ agent, what, address, size, registered }) =>
    writes.push(`vcpu${agent} ${what} 0x${address.toString(16)}+${size}${registered ? '' : ' stale'}`),
  );
  const until = (agent: number, mode: string) => {
    for (let i = 0; i < 100 && hypervisor.mode(agent) !== mode; i++) machine.step(agent);
    if (hypervisor.mode(agent) !== mode) throw new Error(`vcpu${agent} never gets to mode ${mode}`);
  };
  return {
    machine,
    vcpus,
    writes,
    until,
    call(agent, number, ...args) {
      const vcpu = vcpus[agent] as Vcpu;
      vcpu.setReg('nip', BigInt(CALL_SITE));
      vcpu.setReg('msr', MSR.SF | MSR.ME);
      for (const [i, value] of [BigInt(number), ...args].entries()) vcpu.setGpr(3 + i, value);
      machine.step(agent);
      until(agent, 'guest');
      return BigInt.asIntN(64, vcpu.gpr(3));
    },
    size(address, bytes, width) {
      machine.ram.writeU32(address + 4, width === 'vpa' ? bytes << 16 : bytes, 'big');
    },
    cede(agent) {
      vcpus[agent]?.setReg('nip', BigInt(IDLE));
      until(agent, 'ceded');
    },
    wake(agent) {
      hypervisor.resets.latch(agent);
      until(agent, 'guest');
    },
  };
}
