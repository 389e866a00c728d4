import type { Agent, Description, Offer } from './agent.ts';
import type { Arena } from './arena/arena.ts';
import type { Fields, StateKind, StateOwner } from './arena/descriptor.ts';
import type { Ram } from './arena/ram.ts';
import type { State } from './arena/state.ts';
import { blaming } from './blame.ts';
import type { Bus, Dispose } from './bus.ts';
import type { Machine } from './machine.ts';
import { validateOptions } from './plugin-options.ts';
import type { Property } from './property.ts';
import type { Schema } from './standard-schema.ts';

/** The contract between kernel and plugins, an integer of its own: packages may move on while it stands. */
export const PLUGIN_CONTRACT = 1;

/** What plugins provide for one another: name to type. Packages add theirs by declaration merging, as for events. */
export interface Capabilities {
  /** Knows when an agent has booted; whoever loads a guest provides it. */
  boot: {
    /** Whether this agent has come as far as it comes before a run or an exploration begins. */
    booted(agent: number): boolean;
  };
}

/** The name of a capability somebody declared. */
export type CapabilityName = keyof Capabilities & string;

/** What a plugin author writes. */
export interface PluginDefinition<Input, Output> {
  readonly name: string;
  readonly version: string;
  /** {@link PLUGIN_CONTRACT} as of the time of writing. */
  readonly contract: number;
  readonly provides?: readonly CapabilityName[];
  /** Capabilities without which the plugin can't work; their providers are set up first. */
  readonly requires?: readonly CapabilityName[];
  /** Capabilities it uses when they are there; their providers are set up first too. */
  readonly optional?: readonly CapabilityName[];
  readonly options?: Schema<Input, Output>;
  /** How many agents the machine has, said by the one plugin that decides it (a hypervisor: its vCPUs). */
  agents?(options: Output): number;
  /** Declares state, subscribes, provides. Runs before the arena exists; what needs it goes into `ctx.onReady`. */
  setup(ctx: PluginContext, options: Output): void;
}

/** A plugin with its options, ready to be given to `createMachine`. */
export interface Plugin {
  readonly name: string;
  readonly version: string;
  readonly contract: number;
  readonly provides: readonly CapabilityName[];
  readonly requires: readonly CapabilityName[];
  readonly optional: readonly CapabilityName[];
  /** The validated options, plain data: they are printed with every verdict. */
  readonly options: unknown;
  /** What the options were validated with; tools read alternatives and descriptions from it. Undefined where there is nothing to choose. */
  readonly schema?: Schema | undefined;
  readonly agents: number | undefined;
  /** See {@link PluginDefinition.setup}; the options are bound. */
  setup(ctx: PluginContext): void;
}

/** What a plugin sees of the machine it becomes part of. */
export interface PluginContext {
  readonly bus: Bus;
  readonly agentCount: number;
  /** From the ready phase on. */
  readonly arena: Arena;
  /** From the ready phase on. */
  readonly ram: Ram;
  readonly machine: Machine;
  /** Declares a record of state, shared or one for each agent. */
  state<F extends Fields>(owner: StateOwner, name: string, fields: F, options?: { kind?: StateKind }): State<F>;
  /** Reserves bytes of derived state (not logged, not saved); the returned function gives its address from the ready phase on. */
  derived(name: string, bytes: number): () => number;
  /** Declares how much RAM the machine has, in bytes; one plugin may. */
  memory(bytes: number): void;
  /** Gives a capability listed in `provides` to the plugins that are set up later. */
  provide<K extends CapabilityName>(name: K, value: Capabilities[K]): void;
  /** Takes a capability; list it in `requires`, so that its provider is set up first. Throws CAPABILITY_MISSING. */
  use<K extends CapabilityName>(name: K): Capabilities[K];
  /** Takes a capability if some plugin provides it; list it in `optional`. */
  tryUse<K extends CapabilityName>(name: K): Capabilities[K] | undefined;
  /** Says what the agents do; one plugin must. Called once for each agent in the ready phase. */
  drive(agent: (index: number) => Agent): void;
  /** Offers something that may happen to agents. */
  offer(offer: Offer): void;
  /** Adds a property for explorers to decide. */
  property(property: Property): void;
  /** Tells what is going on in words, for traces and timelines. */
  describe(description: Description): void;
  /** Declares reasons for which `machine.stop` may be called. */
  stops(...reasons: string[]): void;
  /** Registers what is undone, last first, when the machine is disposed of. */
  effect(dispose: Dispose, label: string): void;
  /** Runs once the arena exists, in the order of set-up. */
  onReady(ready: () => void): void;
}

/**
 * Makes a plugin factory of a definition. The factory validates the options, so that a bad one is reported where it is written; one
 * whose definition has no schema takes none.
 *
 * @throws CheckstopError PLUGIN_BAD_OPTION; PLUGIN_THREW when the definition's `agents` throws
 */
export function definePlugin<Input = undefined, Output = Input>(
  definition: PluginDefinition<Input, Output>,
): (options?: Input) => Plugin {
  return (input) => {
    const options = validateOptions(definition.name, definition.options, input);
    return {
      name: definition.name,
      version: definition.version,
      contract: definition.contract,
      provides: definition.provides ?? [],
      requires: definition.requires ?? [],
      optional: definition.optional ?? [],
      options: options ?? {},
      schema: definition.options,
      agents: blaming(definition.name, 'agents()', () => definition.agents?.(options)),
      setup: (ctx) => definition.setup(ctx, options),
    };
  };
}
