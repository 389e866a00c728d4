import { CHANGED_WAYS, type Machine, PAGE, type Property } from '@checkstop/kernel';
import type { Archive } from './archive.ts';
import type { Attempt, AttemptOptions } from './attempt.ts';
import { Observed } from './merge/observed.ts';
import type { Mode } from './options.ts';
import type { OwnershipChanged } from './ownership.ts';

/**
 * What the attempts of a search rest on: who touches what, what properties look at, and which reductions are worth it. What turns out
 * wrong is learnt, and the search begins again.
 */
export class Beliefs {
  /** Agents whose state others touch, a mask. */
  exposed = 0;
  /** Beginnings after the first, and steps that the attempts executed which were given up. */
  restarts = 0;
  executedBefore = 0;
  private merges: boolean;
  private symmetric: boolean;
  /** By property: the owners that an invariant reads. */
  private readonly invariantReads: number[] = [];
  /** What bottom properties look at. */
  private readonly observed = new Observed();
  /** What was learnt of who touches what since scouting, in order. */
  private learnt: { readonly conflict: number; readonly agent: number }[] = [];
  /** What the attempt began with that may have grown since. */
  private beginning: { readonly invariantReads: readonly number[]; readonly observed: number } = {
    invariantReads: [],
    observed: 0,
  };

  constructor(
    private readonly machine: Machine,
    private readonly properties: readonly Property[],
    private readonly mode: Mode,
  ) {
    this.symmetric = mode === 'reduced';
    this.merges = mode === 'reduced' || mode === 'merged';
  }

  /** Lets bottom properties look at the state the machine is in: what they look at is known before images are merged. */
  observe(): void {
    if (this.machine.stopped) return;
    for (const property of this.properties)
      if (property.kind === 'bottom') this.observed.check(this.machine.arena, property);
  }

  /** What an attempt that begins now rests on. */
  begin(): AttemptOptions {
    const { exposed, invariantReads, observed, symmetric } = this;
    this.beginning = { invariantReads: [...invariantReads], observed: observed.count };
    return {
      ...{ exposed, invariantReads, symmetric },
      unreduced: this.mode === 'unreduced',
      merge: this.merges ? observed : undefined,
    };
  }

  /** An attempt is given up: because of this, or of what it says itself. The machine is in the state in which the search began. */
  learn(attempt: Attempt | undefined, changed: OwnershipChanged | undefined): void {
    if (attempt?.gaveUpMerging && !this.symmetric) this.merges = false;
    if (attempt?.gaveUpMerging || attempt?.asymmetric) this.symmetric = false;
    if (changed) {
      this.machine.arena.own(changed.conflict, changed.agent);
      this.learnt.push(changed);
    }
    this.executedBefore += attempt?.expander.executed ?? 0;
    this.restarts++;
  }

  /** Whether somebody began to listen in a step: who goes on without taking it again would not hear. */
  get listened(): boolean {
    return this.learnt.some(({ conflict }) => conflict === CHANGED_WAYS);
  }

  /** Read, they hold of the machine as well. */
  archive(a: Archive): void {
    const { layout } = this.machine.arena;
    const { agents } = layout;
    this.exposed = a.number(this.exposed, { high: 2 ** agents - 1 });
    const merges = a.flag(this.merges);
    const symmetric = a.flag(this.symmetric);
    // The mode may be given up, not exceeded; and agents are taken for one in merged graphs only.
    a.demand((this.merges || !merges) && (this.symmetric || !symmetric) && (merges || !symmetric));
    this.merges = merges;
    this.symmetric = symmetric;
    this.restarts = a.number(this.restarts);
    this.executedBefore = a.number(this.executedBefore);
    this.observed.archive(a, this.beginning.observed, layout.end);
    const reads = a.numbers(this.beginning.invariantReads, { high: 2 ** (agents + 1) - 1 }, this.properties.length);
    if (a.reading) for (const [property, owners] of reads.entries()) this.invariantReads[property] = owners;
    const pages = Math.floor(layout.ramSize / PAGE);
    const conflicts = { low: -layout.end, high: pages - 1 };
    // A page ceases to be constant, to be leased, and to be one agent's; a record to be constant.
    const mostLearnt = 3 * pages + layout.records.length;
    this.learnt = a.list(
      this.learnt,
      (learnt) => ({
        conflict: a.number(learnt?.conflict ?? 0, conflicts),
        agent: a.number(learnt?.agent ?? 0, { high: agents - 1 }),
      }),
      mostLearnt,
    );
    if (a.reading) for (const { conflict, agent } of this.learnt) this.machine.arena.own(conflict, agent);
  }
}
