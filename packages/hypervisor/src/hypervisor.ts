import type { Fields, PluginContext } from '@checkstop/kernel';
import { MSR, type Vcpu } from '@checkstop/ppc-core';
import { Causes } from './cause.ts';
import { type Checks, type CheckUnit, declareChecks, type EntryMe, type WithoutMe } from './checks.ts';
import { type Condition, declareCondition } from './condition.ts';
import { Driver } from './driver.ts';
import { type EmulationClaim, Exits } from './exits.ts';
import { declareGate, type Gate } from './gate.ts';
import { H_FUNCTION } from './hcall-codes.ts';
import { HcallTable } from './hcall-table.ts';
import { instructionAddress } from './instruction-address.ts';
import { declareLock, type Lock, type LockOrder } from './lock.ts';
import type { Mode } from './modes.ts';
import { Program } from './program.ts';
import { declareResets, type Resets, type ResetUnit } from './resets.ts';
import type { Section } from './sections.ts';
import type { StepMachine, StepsDefinition } from './steps.ts';
import { poisonStarted } from './volatile.ts';

/** What a hypervisor offers to whoever extends it: firmware, strategies, injectors. */
export interface Hypervisor {
  /** Adds a step machine. During set-up only: its locals are state. */
  steps<L extends Fields, S extends string>(definition: StepsDefinition<L, S>): StepMachine;
  /** Makes a lock, with a lane of its own in timelines. During set-up only. */
  lock(name: string, order?: LockOrder): Lock;
  /** Makes a condition variable. During set-up only. */
  condition(name: string): Condition;
  /** All of them. */
  readonly conditions: readonly Condition[];
  /**
   * The gate between the guest and the hypervisor, which is put there when it is first asked for; from then on what is known of
   * checks can be forgotten for all vCPUs at once. During set-up only.
   */
  gate(): Gate;
  /** What of the machine is neither in registers nor in RAM. Grows during set-up. */
  readonly sections: Section[];
  readonly hcalls: HcallTable;
  readonly checks: Checks;
  readonly resets: Resets;
  /** Registers who is asked, in order, about instructions that raise hypervisor emulation assistance. */
  claimEmulation(claim: EmulationClaim): void;
  /** Where the vCPU is. */
  mode(agent: number): Mode;
  /** The vCPU's next step would be a guest instruction, or it is ceded: a check can strike here. */
  atBoundary(agent: number): boolean;
  /** Stops a vCPU that is in the guest or ceded, as a reset of the machine does; what was on its way to it is left alone. */
  halt(agent: number): void;
  /** Starts a stopped vCPU: real mode, big-endian, ME=1, 64 bit; interrupts in the byte order of `ile`. */
  start(agent: number, entry: { readonly nip: number; readonly r3: bigint; readonly ile: boolean }): void;
}

/** Knobs of `createHypervisor`. */
export interface HypervisorOptions {
  /** MSR[ME] at the architected entry of a machine check; `kvm` unless said otherwise. */
  readonly entryMe?: EntryMe;
  /** What a check does that strikes while MSR[ME] is 0; `checkstop` unless said otherwise. */
  readonly withoutMe?: WithoutMe;
  /** Calls destroy all that they may destroy, so that a guest that relies on anything else is seen; not unless said so. */
  readonly poison?: boolean;
  /** What a vCPU that starts finds in registers that nobody has promised it: what they held (unless said otherwise), or poison. */
  readonly starts?: 'kept' | 'poisoned';
}

/**
 * Composes a hypervisor inside a plugin's set-up: the plugin decides how many agents there are, requires `processor`,
 * provides what this returns as `hypervisor`, and binds rows to hypercall numbers. A plugin that wants one lock around
 * every exit provides that as `exitLock`. vCPU 0 starts at the entry of the machine's guest.
 */
export function createHypervisor(ctx: PluginContext, options: HypervisorOptions = {}): Hypervisor {
  const vcpu = (agent: number): Vcpu => ctx.use('processor').vcpus[agent] as Vcpu;
  const exitLock = () => ctx.tryUse('exitLock');
  const program = new Program(ctx, vcpu);
  const hcalls = new HcallTable(program.add({ name: 'unbound hcall', steps: { answer: (c) => c.done(H_FUNCTION) } }));
  const symbols = () => {
    const guest = ctx.tryUse('guest');
    return guest ? { symbols: guest.symbols } : {};
  };
  const exits = new Exits(ctx.bus, hcalls);
  const dispatcher = () => ctx.tryUse('dispatcher');
  // A system reset goes before a machine check (Power ISA 3.0B, Book III, 6.9).
  const interrupts = () => [resets, checks];
  const causes = new Causes(
    ctx,
    (agent) => vcpu(agent).reg('nip'),
    (agent, check) => checks.latch(agent, check),
  );
  const poison = options.poison ?? false;
  let gate: Gate | undefined;
  const conditions: Condition[] = [];
  const sections: Section[] = [
    {
      name: 'waiters',
      inFlight: false,
      empty: () => conditions.every(({ waiters }) => waiters === 0),
      clear() {
        for (const condition of conditions) condition.forgetWaiters();
      },
    },
  ];
  const driver: Driver = new Driver(ctx, {
    ...{ program, vcpu, exitLock, gate: () => gate, exits, dispatcher, interrupts, causes, poison, symbols },
  });
  const resets: ResetUnit = declareResets(ctx, driver);
  const checks: CheckUnit = declareChecks(ctx, driver, causes, {
    entryMe: options.entryMe ?? 'kvm',
    withoutMe: options.withoutMe ?? 'checkstop',
  });
  ctx.stops('checkstop');

  const hypervisor: Hypervisor = {
    steps: (definition) => program.add(definition),
    lock(name, order = 'unfair') {
      const lock = driver.canWaitFor(declareLock(ctx, name, order));
      const holder = () => (lock.holder === -1 ? '-' : `vcpu${lock.holder}`);
      ctx.describe({ lanes: [{ name, value: holder }] });
      return lock;
    },
    condition(name) {
      const condition = driver.canWaitFor(declareCondition(ctx, name, exitLock));
      conditions.push(condition);
      return condition;
    },
    gate() {
      if (gate) return gate;
      sections.push(...checks.known.sections(ctx));
      gate = driver.canWaitFor(declareGate(ctx));
      return gate;
    },
    conditions,
    sections,
    hcalls,
    checks,
    resets,
    claimEmulation: (claim) => exits.claim(claim),
    mode: (agent) => driver.mode(agent),
    atBoundary: (agent) => driver.atBoundary(agent),
    halt: (agent) => driver.halt(agent),
    start(agent, { nip, r3, ile }) {
      const target = vcpu(agent);
      causes.forget(agent); // its lookaside buffers are empty, as after a reset
      target.nip = instructionAddress(nip);
      target.setReg('msr', MSR.SF | MSR.ME);
      target.setReg('ile', ile ? 1n : 0n);
      if (options.starts === 'poisoned') poisonStarted(target);
      target.setGpr(3, r3);
      driver.dispatch(agent);
      ctx.bus.emit('started', { agent, nip });
    },
  };
  ctx.describe({ agent: (agent) => driver.describe(agent) });
  ctx.drive((agent) => driver.agent(agent));
  ctx.onReady(() => {
    const guest = ctx.tryUse('guest');
    if (guest) hypervisor.start(0, { nip: guest.entry, r3: 0n, ile: false });
  });
  return hypervisor;
}
