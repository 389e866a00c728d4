import { type Agent, CheckstopError, enumOf, type PluginContext, u32 } from '@checkstop/kernel';
import { type DisassembleOptions, type Exit, SPECIAL_REGISTERS, type Vcpu } from '@checkstop/ppc-core';
import type { Dispatcher } from './capabilities.ts';
import type { Causes } from './cause.ts';
import type { Exits } from './exits.ts';
import type { Gate } from './gate.ts';
import type { InterruptTarget, InterruptUnit } from './interrupts.ts';
import type { Lock } from './lock.ts';
import { MODES, type Mode } from './modes.ts';
import type { Program } from './program.ts';
import type { Outcome, StepMachine } from './steps.ts';
import { poisonVolatile } from './volatile.ts';
import type { Waitable } from './waitable.ts';

/** Registers that belong to what runs on a vCPU; the others say which vCPU it is, or are set where it starts. */
const OWN_REGISTERS = SPECIAL_REGISTERS.filter((name) => !['pir', 'pvr', 'tb', 'dec', 'ile'].includes(name));

/** What the driver is made of. */
interface DriverParts {
  readonly program: Program;
  vcpu(agent: number): Vcpu;
  exitLock(): Lock | undefined;
  gate(): Gate | undefined;
  readonly exits: Exits;
  dispatcher(): Dispatcher | undefined;
  /** What strikes vCPUs from outside, the most urgent first. */
  interrupts(): readonly InterruptUnit[];
  /** What synchronous checks left behind. */
  readonly causes: Causes;
  /** Calls destroy all that they may. */
  readonly poison: boolean;
  /** The guest's labels, for disassembly. */
  symbols(): DisassembleOptions;
}

/**
 * Runs the vCPUs: guest instructions while in the guest, one named step of a machine while in the hypervisor.
 *
 * Every exit goes the same way: take the exit lock if there is one, run the machine of the exit, then drop the lock and
 * return to the guest in one step.
 */
export class Driver implements InterruptTarget {
  private readonly state;
  private readonly waitables: Waitable[] = [];

  constructor(
    private readonly ctx: PluginContext,
    private readonly parts: DriverParts,
  ) {
    this.state = ctx.state('perAgent', 'hypervisor.vcpu', { mode: enumOf(MODES), at: u32, waitsFor: u32 });
  }

  canWaitFor<W extends Waitable>(waitable: W): W {
    this.waitables.push(waitable);
    return waitable;
  }

  // ---- where a vCPU is ----

  mode(agent: number): Mode {
    return this.state.at(agent).mode;
  }

  vcpu(agent: number): Vcpu {
    return this.parts.vcpu(agent);
  }

  atBoundary(agent: number): boolean {
    const mode = this.mode(agent);
    return mode === 'guest' || mode === 'ceded';
  }

  stopped(agent: number): boolean {
    return this.mode(agent) === 'stopped';
  }

  owns(machine: unknown): machine is StepMachine {
    return this.parts.program.owns(machine);
  }

  /** The vCPU's next step in words. Looking leaves no footprint. */
  describe(agent: number): string {
    const { mode, at, waitsFor } = this.ctx.arena.unseen(() => {
      const { mode, at, waitsFor } = this.state.at(agent);
      return { mode, at, waitsFor };
    });
    if (mode === 'guest') return this.vcpu(agent).describe(this.parts.symbols());
    if (mode === 'stopped' || mode === 'ceded') return mode;
    const waitable = this.waitables[waitsFor];
    if (mode === 'lock' && waitable === this.parts.gate()) return `exit (waits for ${waitable?.name})`;
    const { machine, name } = this.parts.program.step(at);
    const where = `${machine.name}: ${name}`;
    if (mode === 'hypervisor') return where;
    return `${where} (waits for ${waitable?.name})`;
  }

  // ---- running ----

  agent(index: number): Agent {
    return {
      name: `vcpu${index}`,
      enabled: () => this.enabled(index),
      step: (budget) => this.step(index, budget),
    };
  }

  private enabled(agent: number): boolean {
    const { mode, waitsFor } = this.state.at(agent);
    if (mode === 'guest' || mode === 'hypervisor') return true;
    return (mode === 'lock' || mode === 'condition') && (this.waitables[waitsFor] as Waitable).ready(agent);
  }

  private step(agent: number, budget: number): number {
    const state = this.state.at(agent);
    if (state.mode === 'guest') {
      const { causes } = this.parts;
      if (causes.strikesAgain(agent)) return 1;
      const { steps, exit } = this.vcpu(agent).run(causes.present(agent) ? 1 : budget);
      if (exit) this.exit(agent, exit);
      return steps;
    }
    if (state.mode === 'hypervisor') {
      const step = this.parts.program.step(state.at);
      this.apply(agent, step.machine, step.run(agent));
      return 1;
    }
    const waitable = this.waitables[state.waitsFor] as Waitable;
    const gate = this.parts.gate();
    if (waitable === gate) {
      state.mode = 'guest';
      state.waitsFor = 0;
      this.exit(agent, gate.let(this.vcpu(agent)));
      return 1;
    }
    const lock = state.mode === 'condition' ? this.parts.exitLock() : undefined;
    state.mode = 'hypervisor';
    state.waitsFor = 0;
    // Who is woken has not asked yet for the lock (POSIX, pthread_cond_wait: as if it called pthread_mutex_lock then).
    if (lock?.order === 'fifo') this.queueFor(agent, lock);
    else waitable.take(agent);
    return 1;
  }

  // ---- moving between guest and hypervisor ----

  /** The vCPU leaves the guest by itself: it waits where the gate is closed. */
  private exit(agent: number, exit: Exit): void {
    const gate = this.parts.gate();
    if (gate && !gate.ready(agent)) {
      gate.hold(agent, exit);
      this.waitFor(agent, gate, 'lock');
      return;
    }
    const machine = this.parts.exits.machineFor(this.vcpu(agent), exit);
    if (machine) this.enter(agent, machine);
    else this.interrupted(agent); // something may have been latched at the gate
  }

  enter(agent: number, machine: StepMachine): void {
    this.parts.gate()?.take(agent);
    this.state.at(agent).at = machine.first;
    const lock = this.parts.exitLock();
    if (lock) this.queueFor(agent, lock);
    else this.state.at(agent).mode = 'hypervisor';
  }

  /** The vCPU stops where it is, whatever it was at, with nothing in its registers. */
  halt(agent: number): void {
    const vcpu = this.vcpu(agent);
    for (let n = 0; n < 32; n++) vcpu.setGpr(n, 0n);
    for (const name of OWN_REGISTERS) vcpu.setReg(name, 0n);
    for (const unit of this.parts.interrupts()) unit.halt(agent);
    this.state.at(agent).mode = 'stopped';
  }

  /** An idle or stopped vCPU gets a processor: on its way to the guest it takes the dispatcher's steps, if there are any. */
  dispatch(agent: number): void {
    const state = this.state.at(agent);
    const machine = this.parts.dispatcher()?.dispatch(agent);
    if (machine) {
      this.parts.gate()?.take(agent);
      state.at = machine.first;
    }
    state.mode = machine ? 'hypervisor' : 'guest';
  }

  interrupted(agent: number): void {
    const latched = this.parts.interrupts().filter((unit) => unit.latched(agent));
    if (latched.length === 0) return;
    if (this.mode(agent) === 'ceded') this.dispatch(agent);
    // One that leaves the guest to be delivered lets the less urgent wait for its return.
    for (const unit of latched) if (this.mode(agent) === 'guest') unit.strike(agent);
  }

  private apply(agent: number, machine: StepMachine, outcome: Outcome): void {
    const { program } = this.parts;
    const state = this.state.at(agent);
    const at = (step: string) => {
      state.at = program.numberOf(machine, step);
    };
    switch (outcome?.kind) {
      case 'goto':
        at(outcome.step);
        return;
      case 'stay':
        return;
      case 'acquire':
        at(outcome.step);
        this.queueFor(agent, outcome.lock);
        return;
      case 'release':
        outcome.lock.release(agent);
        at(outcome.step);
        return;
      case 'wait':
        at(outcome.step);
        outcome.condition.add(agent);
        this.dropExitLock(agent);
        this.waitFor(agent, outcome.condition, 'condition');
        return;
      case 'yield': {
        at(outcome.step);
        const lock = this.parts.exitLock();
        this.dropExitLock(agent);
        if (lock) this.queueFor(agent, lock);
        return;
      }
      case 'become':
        program.end(agent, machine);
        state.at = outcome.machine.first;
        return;
      case 'leave':
        this.leave(agent, machine, outcome);
        return;
      default:
        throw new CheckstopError(
          'STEPS_NO_OUTCOME',
          `Step '${program.step(state.at).name}' of '${machine.name}' returned no outcome; end it with one of the methods of its context, such as c.goto() or c.done().`,
          { machine: machine.name, step: program.step(state.at).name },
        );
    }
  }

  private leave(agent: number, machine: StepMachine, outcome: Outcome & { kind: 'leave' }): void {
    const state = this.state.at(agent);
    const vcpu = this.vcpu(agent);
    this.parts.program.end(agent, machine);
    this.dropExitLock(agent);
    if (outcome.result !== undefined) {
      if (this.parts.poison && machine.clobbers !== 'nothing') poisonVolatile(vcpu, machine.clobbers);
      vcpu.setGpr(3, BigInt.asUintN(64, outcome.result));
    }
    if (outcome.nip !== undefined) vcpu.setReg('nip', outcome.nip);
    state.at = 0;
    state.mode = outcome.to;
    if (outcome.to !== 'guest') this.parts.dispatcher()?.yielded(agent);
    this.parts.gate()?.leave(agent);
    if (outcome.to === 'stopped') for (const unit of this.parts.interrupts()) unit.forget(agent);
    else this.interrupted(agent);
  }

  private dropExitLock(agent: number): void {
    const lock = this.parts.exitLock();
    if (lock?.holder === agent) lock.release(agent);
  }

  private queueFor(agent: number, lock: Lock): void {
    lock.enqueue(agent);
    this.waitFor(agent, lock, 'lock');
  }

  private waitFor(agent: number, waitable: Waitable, mode: 'lock' | 'condition'): void {
    const index = this.waitables.indexOf(waitable);
    if (index < 0)
      throw new CheckstopError(
        'STEPS_FOREIGN_WAIT',
        `vCPU ${agent} is to wait for '${waitable.name}', which is not of this hypervisor; make it with lock() or condition().`,
        { waitable: waitable.name },
      );
    this.state.at(agent).waitsFor = index;
    this.state.at(agent).mode = mode;
  }
}
