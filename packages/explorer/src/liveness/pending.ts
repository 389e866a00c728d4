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
  /**
   * Agents whose every step has to be a transition of its own, a mask. Folding is right for what depends on one agent's
   * image alone: that does not care when the others step. If asking for agent p reads more, a local step of p, and of
   * every other agent whose state was read, can make the difference between two states that folding leaves out.
   */
  stepwise = 0;
  private readonly expander: Expander;

  constructor(machine: Machine, steps: Pick<MachineSteps, 'put'>, properties: readonly ResponseProperty[]) {
    const agents = machine.agents.length;
    const everyAgent = (1 << agents) - 1;
    const { arena } = machine;
    const source: Steps = {
      agents,
      actions: properties.map(({ name }) => ({ name, fault: false })),
      execute: (agent, property, tuple): Execution => {
        steps.put(tuple);
        arena.track(agent);
        const is = properties[property].pending(agent);
        if (arena.conflict >= 0) throw new OwnershipChanged(arena.conflict, agent);
        const read = arena.touchedRead | arena.touchedWrite;
        if ((read & ~(1 << agent)) !== 0) this.stepwise |= (read & everyAgent) | (1 << agent);
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
}
