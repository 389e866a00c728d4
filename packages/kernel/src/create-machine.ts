import type { Agent, Lane, Offer } from './agent.ts';
import { Arena } from './arena/arena.ts';
import { type Fields, u32 } from './arena/descriptor.ts';
import { declareRecord, layOut, type RecordDeclaration } from './arena/layout.ts';
import { Ram } from './arena/ram.ts';
import { State } from './arena/state.ts';
import { orderPlugins, type PluginInput } from './assemble.ts';
import { Bus } from './bus.ts';
import { disposeAll, type Effect } from './effect.ts';
import { CheckstopError } from './error.ts';
import { Machine } from './machine.ts';
import type { Capabilities, CapabilityName, Plugin, PluginContext } from './plugin.ts';
import type { Property } from './property.ts';
import { ACTION } from './scheduler/schedule.ts';

/** Bytes of undo log unless told otherwise: a quarter of a million writes. */
const LOG_BYTES = 4 << 20;

/** Bytes of RAM when no plugin asks for any: one page, so that layouts need no special case. */
const NO_RAM = 256;

/** How many agents a touched mask has room for beside the shared bit. */
const MAX_AGENTS = 31;

/** What a machine is made of. */
export interface MachineOptions {
  readonly plugins: readonly PluginInput[];
  /** Bytes of undo log; the default holds a quarter of a million writes. */
  readonly logBytes?: number;
}

/**
 * Puts a machine together: orders the plugins, lets each declare what it needs, fixes the layout, makes the arena, then lets each get ready.
 *
 * @throws CheckstopError CAPABILITY_MISSING, CAPABILITY_DUPLICATE, PLUGIN_UNKNOWN_CONTRACT, PLUGIN_CYCLE, MACHINE_NOTHING_TO_SCHEDULE, MACHINE_AGENTS
 */
export function createMachine(options: MachineOptions): Machine {
  const plugins = orderPlugins(options.plugins);
  const agentCount = countAgents(plugins);
  const draft = new Draft(agentCount);
  try {
    for (const plugin of plugins) draft.setUp(plugin);
    return draft.finish(plugins, options.logBytes ?? LOG_BYTES);
  } catch (error) {
    disposeAll(draft.effects);
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

/** A machine in the making. */
class Draft {
  private readonly bus = new Bus();
  private readonly records: RecordDeclaration[] = [];
  private readonly states: { bind(arena: Arena): void }[] = [];
  private readonly derived: { name: string; size: number }[] = [];
  private ramSize: number | undefined;
  private readonly capabilities = new Map<string, unknown>();
  private driver: ((index: number) => Agent) | undefined;
  private readonly offers: Offer[] = [];
  private readonly properties: Property[] = [];
  private readonly describers: ((agent: number) => string | undefined)[] = [];
  private readonly lanes: Lane[] = [];
  private readonly stopReasons: string[] = [];
  readonly effects: Effect[] = [];
  private readonly readies: (() => void)[] = [];
  private arena: Arena | undefined;
  private ram: Ram | undefined;
  private machine: Machine | undefined;
  private readonly stop = this.declare('shared', 'kernel', { stopped: u32 }, 'architectural');

  constructor(private readonly agentCount: number) {}

  setUp(plugin: Plugin): void {
    plugin.setup(this.context(plugin));
    for (const name of plugin.provides)
      if (!this.capabilities.has(name))
        throw new CheckstopError(
          'CAPABILITY_MISSING',
          `Plugin '${plugin.name}' says that it provides '${name}' but did not.`,
          { plugin: plugin.name, capability: name },
        );
  }

  finish(plugins: readonly Plugin[], logBytes: number): Machine {
    const { driver } = this;
    if (!driver)
      throw new CheckstopError('MACHINE_NOTHING_TO_SCHEDULE', 'No plugin drives the agents; add a hypervisor.');
    const arena = new Arena(layOut(this.agentCount, this.records, this.derived, this.ramSize ?? NO_RAM, logBytes));
    this.arena = arena;
    this.ram = new Ram(arena);
    for (const state of this.states) state.bind(arena);
    const agents: Agent[] = [];
    this.machine = new Machine({
      bus: this.bus,
      arena,
      ram: this.ram,
      agents,
      offers: this.offers,
      properties: this.properties,
      describers: this.describers,
      lanes: this.lanes,
      plugins: plugins.map(({ name, version, options }) => ({ name, version, options })),
      capabilities: this.capabilities,
      stopReasons: this.stopReasons,
      stopCell: this.stop.base(0),
      effects: this.effects,
    });
    for (const ready of this.readies) ready();
    for (let index = 0; index < this.agentCount; index++) agents.push(driver(index));
    arena.forgetMarks();
    return this.machine;
  }

  private declare<F extends Fields>(
    owner: 'shared' | 'perAgent',
    name: string,
    fields: F,
    kind: 'architectural' | 'ghost',
  ): State<F> {
    if (this.records.some((record) => record.name === name))
      throw new CheckstopError(
        'STATE_DUPLICATE',
        `Two plugins declare state named '${name}'; prefix it with the plugin's name.`,
        { name },
      );
    const declaration = declareRecord(owner, name, fields, kind);
    this.records.push(declaration);
    const state = new State<F>(declaration);
    this.states.push(state);
    return state;
  }

  private context(plugin: Plugin): PluginContext {
    const draft = this;
    const early = (what: string): CheckstopError =>
      new CheckstopError(
        'MACHINE_TOO_EARLY',
        `Plugin '${plugin.name}' used ctx.${what} during setup; it exists in ctx.onReady() and later.`,
        { plugin: plugin.name },
      );
    return {
      bus: this.bus,
      agentCount: this.agentCount,
      get arena() {
        if (!draft.arena) throw early('arena');
        return draft.arena;
      },
      get ram() {
        if (!draft.ram) throw early('ram');
        return draft.ram;
      },
      get machine() {
        if (!draft.machine) throw early('machine');
        return draft.machine;
      },
      state: (owner, name, fields, options) => this.declare(owner, name, fields, options?.kind ?? 'architectural'),
      derived: (name, size) => {
        this.derived.push({ name, size });
        return () => {
          const area = draft.arena?.layout.derived.get(name);
          if (!area) throw early(`derived('${name}')`);
          return area.start;
        };
      },
      memory: (bytes) => {
        if (this.ramSize !== undefined)
          throw new CheckstopError(
            'MACHINE_RAM_DUPLICATE',
            `Plugin '${plugin.name}' declares RAM, but another plugin already did.`,
            { plugin: plugin.name },
          );
        this.ramSize = bytes;
      },
      provide: (name, value) => {
        if (!plugin.provides.includes(name))
          throw new CheckstopError(
            'CAPABILITY_UNDECLARED',
            `Plugin '${plugin.name}' provides '${name}' without listing it in 'provides'.`,
            { plugin: plugin.name, capability: name },
          );
        this.capabilities.set(name, value);
      },
      use: <K extends CapabilityName>(name: K) => {
        if (!this.capabilities.has(name))
          throw new CheckstopError(
            'CAPABILITY_MISSING',
            `Plugin '${plugin.name}' uses '${name}'; list it in 'requires' so that its provider comes first.`,
            { plugin: plugin.name, capability: name },
          );
        return this.capabilities.get(name) as Capabilities[K];
      },
      tryUse: <K extends CapabilityName>(name: K) => this.capabilities.get(name) as Capabilities[K] | undefined,
      drive: (agent) => {
        if (this.driver)
          throw new CheckstopError(
            'MACHINE_AGENTS',
            `Plugin '${plugin.name}' drives the agents, but another plugin already does.`,
            { plugin: plugin.name },
          );
        this.driver = agent;
      },
      offer: (offer) => {
        if (offer.action === 'step' || this.offers.some(({ action }) => action === offer.action))
          throw new CheckstopError(
            'OFFER_DUPLICATE',
            `Plugin '${plugin.name}' offers the action '${offer.action}', which exists already; name it otherwise.`,
            { plugin: plugin.name, action: offer.action },
          );
        if (!ACTION.test(offer.action))
          throw new CheckstopError(
            'OFFER_BAD_NAME',
            `Plugin '${plugin.name}' offers the action '${offer.action}'; schedules write actions as lower-case words like 'check' or 'power-fail'.`,
            { plugin: plugin.name, action: offer.action },
          );
        this.offers.push(offer);
      },
      property: (property) => void this.properties.push(property),
      describe: (description) => {
        if (description.agent) this.describers.push(description.agent);
        this.lanes.push(...(description.lanes ?? []));
      },
      stops: (...reasons) => {
        for (const reason of reasons) if (!this.stopReasons.includes(reason)) this.stopReasons.push(reason);
      },
      effect: (dispose, label) => void this.effects.push({ dispose, label }),
      onReady: (ready) => void this.readies.push(ready),
    };
  }
}
