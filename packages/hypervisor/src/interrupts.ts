import type { Vcpu } from '@checkstop/ppc-core';
import type { StepMachine } from './steps.ts';

/** What an interrupt that the hypervisor synthesises needs of the vCPU it strikes. */
export interface InterruptTarget {
  vcpu(agent: number): Vcpu;
  /** The vCPU was never started, or stopped itself: nothing strikes it. */
  stopped(agent: number): boolean;
  /** Something was latched: strikes now if the vCPU is at a boundary, wakes it if it is ceded, else waits for its return. */
  interrupted(agent: number): void;
  /** Is this a step machine of this hypervisor? */
  owns(machine: unknown): machine is StepMachine;
  /** The vCPU leaves the guest, to go on with this machine. */
  enter(agent: number, machine: StepMachine): void;
}

/** A kind of interrupt that waits in a latch while its vCPU is inside the hypervisor. */
export interface InterruptUnit {
  latched(agent: number): boolean;
  /** The vCPU is in the guest, between two instructions: takes it. */
  strike(agent: number): void;
  /** The vCPU stops: whatever was on its way to it is gone. */
  forget(agent: number): void;
  /** The same for a vCPU that is halted; what else the machine knows of it is left to whoever halts it. */
  halt(agent: number): void;
}
