import { bool, type PluginContext } from '@checkstop/kernel';
import { VECTOR } from '@checkstop/ppc-core';
import { instructionAddress } from './instruction-address.ts';
import type { InterruptTarget, InterruptUnit } from './interrupts.ts';

/** The system reset interrupts of the vCPUs. */
export interface Resets {
  /**
   * Signals a system reset. It is taken at once when the vCPU is in the guest or ceded, before its next guest instruction
   * when it is in the hypervisor, and never when it is stopped. There is one latch: two that wait are one.
   */
  latch(agent: number): void;
}

/** @internal What the driver needs beyond `Resets`. */
export interface ResetUnit extends Resets, InterruptUnit {}

/**
 * Declares the system resets of a hypervisor's vCPUs. Use `Hypervisor.resets`.
 *
 * One is entered as the ISA has it: SRR0 and SRR1, MSR[ME] as it was (Power ISA 3.0B, Book III, 6.5.1). Where an operating system
 * has registered a routine it then goes on there instead of at 0x100 (LoPAR, FWNMI option; QEMU, hw/ppc/spapr.c).
 */
export function declareResets(ctx: PluginContext, target: InterruptTarget): ResetUnit {
  const state = ctx.state('perAgent', 'hypervisor.reset', { latched: bool });
  return {
    latch(agent) {
      if (target.stopped(agent)) return;
      state.at(agent).latched = true;
      target.interrupted(agent);
    },
    latched: (agent) => state.at(agent).latched,
    strike(agent) {
      state.clear(agent);
      ctx.bus.emit('systemReset', { agent });
      const routine = ctx.tryUse('systemResetEntry')?.prepare(agent);
      const vcpu = target.vcpu(agent);
      vcpu.raise(VECTOR.systemReset);
      if (!routine) return;
      vcpu.nip = instructionAddress(routine.nip);
      if (routine.r3 !== undefined) vcpu.setGpr(3, routine.r3);
    },
    forget: (agent) => state.clear(agent),
    halt: (agent) => state.clear(agent),
  };
}
