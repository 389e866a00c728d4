import { type Machine, type ResponseProperty, SHARED_BIT } from '@checkstop/kernel';
import { Expander } from '../expander.ts';
import type { MachineSteps } from '../machine-steps.ts';
import { OwnershipChanged } from '../ownership.ts';
import type { Execution, Steps } from '../steps.ts';

/** Pending changes nothing: the state after it is the state before. */
const IS_PENDING = { answers: [], note: undefined, stopped: false };

/**
 * Whether something is pending for an agent, in any state. Asking is treated like a step that changes nothing and can be
 * taken where something is pending: so it is remembered by what it read, and nobody has to say what that is.
 */
export class Pending {
  private readonly expander: Expander;

  constructor(machine: Machine, steps: Pick<MachineSteps, 'put'>, properties: readonly ResponseProperty[]) {
    const agents = machine.agents.length;
    const { arena } = machine;
    const source: Steps = {
      agents,
      actions: properties.map(({ name }) => ({ name, fault: false })),
      execute: (agent, property, tuple): Execution => {
        steps.put(tuple);
        arena.track(agent);
        const is = properties[property].pending(agent);
        if (arena.conflict !== -1) throw new OwnershipChanged(arena.conflict, agent);
        const read = arena.touchedRead | arena.touchedWrite;
        const touched = (read & ~SHARED_BIT) | (read & SHARED_BIT ? 1 << agents : 0);
        return { touched, outcomes: is ? [{ ...IS_PENDING, images: Array.from(tuple, () => -1) }] : [] };
      },
    };
    this.expander = new Expander(source);
  }

  /**
   * Whether the property with this number has something pending for `agent` in a state.
   *
   * @throws OwnershipChanged when asking reads memory that is believed to be another's
   */
  holds(property: number, agent: number, tuple: Int32Array): boolean {
    return this.expander.enabled(agent, property, tuple);
  }

  /** The owners whose state the answer depends on there, a mask; always the agent itself. */
  owners(property: number, agent: number, tuple: Int32Array): number {
    this.holds(property, agent, tuple);
    return this.expander.memo.owners(agent, property, tuple);
  }

  get bytes(): number {
    return this.expander.memo.bytes;
  }
}
