import type { InstructionFootprint } from '@checkstop/ppc-core';
import type { CheckKind } from './check-kinds.ts';
import type { Guest } from './guest.ts';
import type { Hypervisor } from './hypervisor.ts';
import type { Lock } from './lock.ts';
import type { StepMachine } from './steps.ts';

/** Whoever lets checks strike. */
export interface Injection {
  /** Whether one can strike before an instruction that touches this; undefined for an illegal word. */
  strikesBefore(footprint: InstructionFootprint | undefined): boolean;
}

/** Firmware's calls. The RTAS gateway finds the machine of a call's token here. */
export interface Rtas {
  /** Undefined for a token that nobody owns. */
  machineFor(token: number): StepMachine | undefined;
}

/** How a struck check gets from the hardware to the guest: what a strategy provides. */
export interface Delivery {
  /**
   * A check has struck this vCPU: SRR0, SRR1, DAR and DSISR are set, all else is still the interrupted context.
   *
   * @returns the machine that delivers it from inside the hypervisor; or undefined for the architected interrupt at 0x200,
   * after which the check stays pending until somebody takes it (`Checks.take`).
   */
  strike(agent: number): StepMachine | undefined;
}

/**
 * Accounts for the processor that a vCPU gets and gives up. Waiting inside the hypervisor is no giving up: only a vCPU that
 * cedes or stops does.
 */
export interface Dispatcher {
  /** What is to be done before the vCPU's next guest instruction, without the exit lock; undefined when there is nothing. */
  dispatch(agent: number): StepMachine | undefined;
  /** The vCPU cedes or stops, in this very step. */
  yielded(agent: number): void;
}

/** Whoever lets an operating system register a routine for system resets. */
export interface SystemResetEntry {
  /**
   * A reset is about to be taken to the registered routine: saves what the routine is to find saved, and answers where it
   * begins and with what in r3, which stays as it is when that is left out. Undefined when no routine is registered.
   */
  prepare(agent: number): { readonly nip: number; readonly r3?: bigint } | undefined;
}

declare module '@checkstop/kernel' {
  interface Capabilities {
    hypervisor: Hypervisor;
    /** Held from a vCPU's exit until it returns to the guest. Optional: hypervisors without one lock as they please. */
    exitLock: Lock;
    rtas: Rtas;
    delivery: Delivery;
    /** Optional: without one no check comes by itself. */
    injection: Injection;
    /** Optional: without one a vCPU comes and goes untold. */
    dispatcher: Dispatcher;
    /** Optional: without one every system reset enters 0x100. */
    systemResetEntry: SystemResetEntry;
    guest: Guest;
  }

  interface Events {
    /** A vCPU made a hypercall; the name is that of its row in the hcall table. */
    hcall: { readonly agent: number; readonly number: bigint; readonly name: string };
    lock: { readonly agent: number; readonly lock: string; readonly op: 'taken' | 'released' };
    /** A vCPU begins to wait on a condition. */
    wait: { readonly agent: number; readonly condition: string };
    /** A vCPU no longer waits on a condition; it goes on when it gets the exit lock. */
    wake: { readonly agent: number; readonly condition: string };
    /** A check is about to strike: the registers are the boundary's, nothing has changed yet. */
    check: { readonly agent: number; readonly kind: CheckKind; readonly recovered: boolean };
    /** A check that was to be delivered is left to the architected vector instead: nobody stands behind the delivery any more. */
    architectedCheck: { readonly agent: number };
    /** A system reset is about to be taken: the registers are the boundary's, nothing has changed yet. */
    systemReset: { readonly agent: number };
    /** Another kernel has taken over the machine, as by kexec: what the one before gave to the hypervisor is not its own. */
    kernelReplaced: { readonly agent: number };
    /** A kernel panics on this vCPU, and leaves for another one where it would end the partition otherwise. */
    kernelCrashed: { readonly agent: number };
    /** The hypervisor wrote to an area that a kernel gave it for this vCPU; `registered` tells whether the running kernel did. */
    hypervisorWrite: {
      readonly agent: number;
      readonly what: 'VPA' | 'dispatch trace log' | 'SLB shadow';
      /** Real address. */
      readonly address: number;
      readonly size: number;
      readonly registered: boolean;
    };
    /** A reset of the machine has stopped this vCPU: whatever was under way on it is over. */
    vcpuReset: { readonly agent: number };
    /** A reset of the machine is complete. `left` names the sections in which something survived it. */
    machineReset: { readonly agent: number; readonly left: readonly string[] };
    /** The machine goes on at another host. `lost` names the sections in which something was left behind. */
    migrated: { readonly agent: number; readonly lost: readonly string[] };
    /** A vCPU starts, at power-on or by start-cpu. */
    started: { readonly agent: number; readonly nip: number };
  }
}
