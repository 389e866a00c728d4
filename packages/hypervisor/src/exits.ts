import type { PluginContext } from '@checkstop/kernel';
import { type Exit, MSR, PROGRAM, type Vcpu, VECTOR } from '@checkstop/ppc-core';
import { H_PRIVILEGE } from './hcall-codes.ts';
import type { HcallTable } from './hcall-table.ts';
import type { StepMachine } from './steps.ts';

/** Asked about an instruction that raised hypervisor emulation assistance; answers with the machine that handles it. */
export type EmulationClaim = (agent: number, word: number) => StepMachine | undefined;

/** What happens when a vCPU leaves the guest. */
export class Exits {
  private readonly claims: EmulationClaim[] = [];

  constructor(
    private readonly bus: PluginContext['bus'],
    private readonly hcalls: HcallTable,
  ) {}

  claim(claim: EmulationClaim): void {
    this.claims.push(claim);
  }

  /** The machine that handles an exit; undefined when the vCPU is back in the guest already. */
  machineFor(vcpu: Vcpu, exit: Exit): StepMachine | undefined {
    if (exit.kind === 'hcall') return this.hcall(vcpu);
    // The attn instruction is for service processors: to a guest it is one more illegal word.
    const claimed = exit.kind === 'emulationAssist' ? this.claimed(vcpu.index, exit.word) : undefined;
    if (!claimed) vcpu.raise(VECTOR.program, { srr1: PROGRAM.ILLEGAL });
    return claimed;
  }

  private hcall(vcpu: Vcpu): StepMachine | undefined {
    if (vcpu.reg('msr') & MSR.PR) {
      vcpu.setGpr(3, BigInt.asUintN(64, BigInt(H_PRIVILEGE)));
      return undefined;
    }
    const number = vcpu.gpr(3);
    const machine = this.hcalls.find(number);
    this.bus.emit('hcall', { agent: vcpu.index, number, name: machine.name });
    return machine;
  }

  private claimed(agent: number, word: number): StepMachine | undefined {
    for (const claim of this.claims) {
      const machine = claim(agent, word);
      if (machine) return machine;
    }
    return undefined;
  }
}
