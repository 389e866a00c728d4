import { blaming } from './blame.ts';
import type { Draft } from './draft.ts';
import { CheckstopError } from './error.ts';
import type { Capabilities, CapabilityName, Plugin, PluginContext } from './plugin.ts';
import { ACTION } from './scheduler/schedule.ts';

/** What one plugin sees of the machine in the making. Whoever asks out of turn is told so by name. */
export function contextFor(plugin: Plugin, draft: Draft): PluginContext {
  const complain = (code: string, text: string, details: Record<string, unknown> = {}): CheckstopError =>
    new CheckstopError(code, `Plugin '${plugin.name}' ${text}`, { plugin: plugin.name, ...details });
  const finished = <T>(part: T | undefined, what: string): T => {
    if (part === undefined)
      throw complain('MACHINE_TOO_EARLY', `used ctx.${what} during setup; it exists in ctx.onReady() and later.`);
    return part;
  };
  const declaring = (what: string): void => {
    if (draft.arena)
      throw complain(
        'MACHINE_TOO_LATE',
        `called ctx.${what}() after setup; by then the layout is fixed. Declare in setup.`,
      );
  };
  return {
    bus: draft.bus,
    agentCount: draft.agentCount,
    get arena() {
      return finished(draft.arena, 'arena');
    },
    get ram() {
      return finished(draft.ram, 'ram');
    },
    get machine() {
      return finished(draft.machine, 'machine');
    },
    state: (owner, name, fields, options) => {
      declaring('state');
      return draft.declare(owner, name, fields, options?.kind ?? 'architectural');
    },
    derived: (name, size) => {
      declaring('derived');
      if (draft.derived.some((other) => other.name === name))
        throw complain(
          'STATE_DUPLICATE',
          `reserves derived state named '${name}', which exists already; name it otherwise.`,
          { name },
        );
      draft.derived.push({ name, size });
      return () => finished(draft.arena?.layout.derived.get(name), `derived('${name}')`).start;
    },
    memory: (bytes) => {
      declaring('memory');
      if (draft.ramSize !== undefined)
        throw complain('MACHINE_RAM_DUPLICATE', 'declares RAM, but another plugin already did.');
      draft.ramSize = bytes;
    },
    provide: (name, value) => {
      if (!plugin.provides.includes(name))
        throw complain('CAPABILITY_UNDECLARED', `provides '${name}' without listing it in 'provides'.`, {
          capability: name,
        });
      draft.capabilities.set(name, value);
    },
    use: <K extends CapabilityName>(name: K) => {
      if (!draft.capabilities.has(name))
        throw complain(
          'CAPABILITY_MISSING',
          `uses '${name}'; list it in 'requires' so that its provider comes first.`,
          { capability: name },
        );
      return draft.capabilities.get(name) as Capabilities[K];
    },
    tryUse: <K extends CapabilityName>(name: K) => draft.capabilities.get(name) as Capabilities[K] | undefined,
    drive: (agent) => {
      declaring('drive');
      if (draft.driver) throw complain('MACHINE_AGENTS', 'drives the agents, but another plugin already does.');
      draft.driver = (index) => {
        const driven = blaming(plugin.name, 'drive()', () => agent(index));
        if (typeof driven?.enabled !== 'function' || typeof driven.step !== 'function')
          throw complain(
            'MACHINE_AGENTS',
            `drives agent ${index} with what is no agent; an agent has a name, enabled() and step().`,
          );
        return driven;
      };
    },
    offer: (offer) => {
      declaring('offer');
      const { action } = offer;
      if (action === 'step' || draft.offers.some((other) => other.action === action))
        throw complain('OFFER_DUPLICATE', `offers the action '${action}', which exists already; name it otherwise.`, {
          action,
        });
      if (!ACTION.test(action))
        throw complain(
          'OFFER_BAD_NAME',
          `offers the action '${action}'; schedules write actions as lower-case words like 'check' or 'power-fail'.`,
          { action },
        );
      draft.offers.push(offer);
    },
    property: (property) => void draft.properties.push(property),
    describe: (description) => {
      if (description.agent) draft.describers.push(description.agent);
      draft.lanes.push(...(description.lanes ?? []));
    },
    stops: (...reasons) => {
      for (const reason of reasons) if (!draft.stopReasons.includes(reason)) draft.stopReasons.push(reason);
    },
    effect: (dispose, label) => void draft.effects.push({ dispose, label }),
    onReady: (ready) => void draft.readies.push(() => blaming(plugin.name, 'onReady()', ready)),
  };
}
