import { type Alternative, type Machine, type Scheduler, type Snapshot, seededRandom } from '@checkstop/kernel';

/** A walk longer than that has seen what it will see. */
const MAX_STEPS = 2000;
const MAX_WALKS = 32;
/** Walks in a row that must find nothing new. */
const QUIET_WALKS = 6;
/** One pick in so many is a fault, if one is on offer; by walk, in turn. */
const FAULT_EVERY = [5, 20];

/**
 * Walks the machine at random for a while to learn who touches what: pages are moved up to their owners, and `exposed`
 * is the mask of agents whose state others touch. What is not met here costs the search a new beginning, no more; most
 * is met, and beginning again late is what is dear. The seeds are fixed, so every search goes the same way.
 */
export class Scout {
  /** Agents whose state others were seen to touch, a mask. */
  exposed = 0;
  private readonly start: Snapshot;
  private walks = 0;
  private quiet = 0;
  private steps = 0;
  private isNew = false;
  private scheduler: Scheduler;

  constructor(
    private readonly machine: Machine,
    /** Called at the end of each walk, before the machine is put back. */
    private readonly onEnd: () => void = () => {},
  ) {
    this.start = machine.arena.snapshot();
    this.scheduler = randomWalk(1);
  }

  /** Whether enough was seen; the machine is then in the state it was in. */
  get done(): boolean {
    return this.walks >= MAX_WALKS || this.quiet >= QUIET_WALKS;
  }

  /** Walks on for at most so many steps. */
  advance(steps: number): void {
    for (let left = steps; left > 0 && !this.done; left--) {
      if (this.steps++ >= MAX_STEPS || !this.step()) this.finishWalk();
    }
  }

  /** One step of the walk; no where the machine has come to an end. */
  private step(): boolean {
    const { machine, scheduler } = this;
    const { arena } = machine;
    const alternatives = this.favoured(machine.alternatives());
    const decision = alternatives.length > 0 ? scheduler.next(alternatives) : undefined;
    if (!decision) return false;
    const { agent, action } = alternatives[decision.index];
    arena.track(agent);
    machine.step(agent, machine.actions.indexOf(action), (name, count) => scheduler.choose?.(name, count) ?? 0);
    this.expose((arena.touchedRead | arena.touchedWrite) & ~(1 << agent));
    if (arena.conflict !== -1) {
      arena.own(arena.conflict, agent);
      this.isNew = true;
    }
    return true;
  }

  /**
   * In all walks but every so many one agent goes alone as long as it can, in turn: what it does when nobody is in its way is
   * what it does in most states.
   */
  private favoured(alternatives: readonly Alternative[]): readonly Alternative[] {
    const favourite = this.walks % (this.machine.agents.length + 1);
    const its = alternatives.filter(({ agent }) => agent === favourite);
    return its.length > 0 ? its : alternatives;
  }

  private expose(touched: number): void {
    const everyAgent = (1 << this.machine.agents.length) - 1;
    const grown = this.exposed | (touched & everyAgent);
    if (grown !== this.exposed) this.isNew = true;
    this.exposed = grown;
  }

  private finishWalk(): void {
    this.onEnd();
    this.machine.arena.restore(this.start);
    this.walks += 1;
    this.quiet = this.isNew ? 0 : this.quiet + 1;
    this.isNew = false;
    this.steps = 0;
    this.scheduler = randomWalk(this.walks + 1);
  }
}

const randomWalk = (seed: number): Scheduler =>
  seededRandom(seed, { faultEvery: FAULT_EVERY[seed % FAULT_EVERY.length] });
