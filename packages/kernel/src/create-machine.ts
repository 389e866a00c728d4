import type { PluginInput } from './assemble.ts';
import { orderPlugins } from './assemble.ts';
import { Draft } from './draft.ts';
import { disposeAll } from './effect.ts';
import { CheckstopError } from './error.ts';
import type { Machine } from './machine.ts';
import type { Plugin } from './plugin.ts';

/** Bytes of undo log unless told otherwise: a quarter of a million writes. */
const LOG_BYTES = 4 << 20;

/** How many agents a touched mask has room for beside the bits of shared and of constant state. */
const MAX_AGENTS = 30;

/** What a machine is made of. */
export interface MachineOptions {
  readonly plugins: readonly PluginInput[];
  /** Bytes of undo log; the default holds a quarter of a million writes. */
  readonly logBytes?: number;
}

/**
 * Puts a machine together: orders the plugins, lets each declare what it needs, fixes the layout, makes the arena, then lets each get ready.
 *
 * @throws CheckstopError CAPABILITY_MISSING, CAPABILITY_DUPLICATE, PLUGIN_INVALID, PLUGIN_UNKNOWN_CONTRACT, PLUGIN_DUPLICATE, PLUGIN_CYCLE, PLUGIN_THREW, MACHINE_NOTHING_TO_SCHEDULE, MACHINE_AGENTS,
 *   and what the context's methods throw
 */
export function createMachine(options: MachineOptions): Machine {
  const plugins = orderPlugins(options?.plugins);
  const agentCount = countAgents(plugins);
  const draft = new Draft(agentCount);
  try {
    for (const plugin of plugins) draft.setUp(plugin);
    return draft.finish(plugins, options.logBytes ?? LOG_BYTES);
  } catch (error) {
    try {
      disposeAll(draft.effects);
    } catch {
      // Why there is no machine matters more than what is left of it.
    }
    throw error;
  }
}

function countAgents(plugins: readonly Plugin[]): number {
  const deciders = plugins.filter((plugin) => plugin.agents !== undefined);
  if (deciders.length === 0)
    throw new CheckstopError(
      'MACHINE_NOTHING_TO_SCHEDULE',
      'No plugin brings agents, so there is nothing to schedule; add a hypervisor (its vCPUs are the agents).',
    );
  const [first, second] = deciders;
  if (second)
    throw new CheckstopError(
      'MACHINE_AGENTS',
      `Both '${first.name}' and '${second.name}' decide how many agents there are; leave one of them out.`,
    );
  const count = first.agents ?? 0;
  if (!Number.isInteger(count) || count < 1 || count > MAX_AGENTS)
    throw new CheckstopError(
      'MACHINE_AGENTS',
      `'${first.name}' asks for ${count} agents; a machine has 1 to ${MAX_AGENTS}.`,
      { count },
    );
  return count;
}
