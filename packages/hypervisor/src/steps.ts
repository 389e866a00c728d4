import type { Accessor, Fields } from '@checkstop/kernel';
import type { Vcpu } from '@checkstop/ppc-core';
import type { Condition } from './condition.ts';
import type { Lock } from './lock.ts';
import type { Clobbers } from './volatile.ts';

/**
 * A machine of named steps: hypervisor code whose every step is atomic and visible to the scheduler. What it remembers
 * from one step to the next is in its locals, in the arena; they are zeroed when it ends, so that they tell no two states
 * apart afterwards.
 */
export interface StepMachine {
  readonly name: string;
  /** @internal Number of its first step. */
  readonly first: number;
  /** @internal What may be destroyed where it ends with a result. */
  readonly clobbers: Clobbers;
}

/** How a step ends. Made by the methods of the step's context. */
export type Outcome =
  | { readonly kind: 'goto'; readonly step: string }
  | { readonly kind: 'stay' }
  | { readonly kind: 'acquire' | 'release'; readonly lock: Lock; readonly step: string }
  | { readonly kind: 'wait'; readonly condition: Condition; readonly step: string }
  | { readonly kind: 'yield'; readonly step: string }
  | { readonly kind: 'become'; readonly machine: StepMachine }
  | {
      readonly kind: 'leave';
      readonly to: 'guest' | 'ceded' | 'stopped';
      readonly result?: bigint;
      readonly nip?: bigint;
    };

/** What a step gets: whose it is, its machine's locals, and the ways to end. */
export interface StepContext<L extends Fields, S extends string> {
  readonly agent: number;
  /** The vCPU whose exit is being handled; its registers are the guest's. */
  readonly vcpu: Vcpu;
  readonly locals: Accessor<L>;
  /** Goes on with another step of this machine. */
  goto(step: S): Outcome;
  /** Takes this step again: retrying inside the hypervisor, with every lock kept. */
  stay(): Outcome;
  /** Waits for a lock, then goes on. */
  acquire(lock: Lock, step: S): Outcome;
  /** Gives a lock back and goes on. */
  release(lock: Lock, step: S): Outcome;
  /** Waits on a condition: drops the exit lock in this same step, and takes it again when woken, before `step`. */
  wait(condition: Condition, step: S): Outcome;
  /** Drops the exit lock and queues for it again, before `step`: polling that lets the others in. */
  yieldLock(step: S): Outcome;
  /** Goes on as another machine; this one ends. */
  become(machine: StepMachine): Outcome;
  /** Back to the guest with a result in r3, where hcalls return it; the exit lock is dropped in this same step. */
  done(result: number | bigint): Outcome;
  /** Back to the guest with the registers as they are, at `nip` if given; the exit lock is dropped in this same step. */
  resume(nip?: number | bigint): Outcome;
  /** The vCPU idles until it is woken; `result` is in r3 when it goes on. */
  cede(result: number | bigint): Outcome;
  /** The vCPU stops itself; only starting it afresh brings it back. */
  stopSelf(): Outcome;
}

/** What an author of hypervisor code writes. The first key of `steps` is where the machine starts. */
export interface StepsDefinition<L extends Fields, S extends string> {
  readonly name: string;
  /**
   * What a guest that called it must expect to find destroyed, where it ends with a result; `hcall` unless said otherwise. It is
   * destroyed where the hypervisor was made with `poison`.
   */
  readonly clobbers?: Clobbers;
  /** Fields of the locals, one record for each vCPU. */
  readonly locals?: L;
  /** The steps by name. */
  readonly steps: Readonly<Record<S, (c: StepContext<L, S>) => Outcome>>;
}

/** The ways to end, the same for all steps; `StepContext` gives them the names of a machine's own steps. */
export const outcomes = {
  goto: (step: string): Outcome => ({ kind: 'goto', step }),
  stay: (): Outcome => ({ kind: 'stay' }),
  acquire: (lock: Lock, step: string): Outcome => ({ kind: 'acquire', lock, step }),
  release: (lock: Lock, step: string): Outcome => ({ kind: 'release', lock, step }),
  wait: (condition: Condition, step: string): Outcome => ({ kind: 'wait', condition, step }),
  yieldLock: (step: string): Outcome => ({ kind: 'yield', step }),
  become: (machine: StepMachine): Outcome => ({ kind: 'become', machine }),
  done: (result: number | bigint): Outcome => ({ kind: 'leave', to: 'guest', result: BigInt(result) }),
  resume: (nip?: number | bigint): Outcome =>
    nip === undefined ? { kind: 'leave', to: 'guest' } : { kind: 'leave', to: 'guest', nip: BigInt(nip) },
  cede: (result: number | bigint): Outcome => ({ kind: 'leave', to: 'ceded', result: BigInt(result) }),
  stopSelf: (): Outcome => ({ kind: 'leave', to: 'stopped' }),
};
