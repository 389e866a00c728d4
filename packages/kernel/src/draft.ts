import type { Agent, Lane, Offer } from './agent.ts';
import { Arena } from './arena/arena.ts';
import { agentId, type Fields, type StateKind, type StateOwner, u32 } from './arena/descriptor.ts';
import { declareRecord, layOut, type RecordDeclaration } from './arena/layout.ts';
import { Ram } from './arena/ram.ts';
import { State } from './arena/state.ts';
import { blaming } from './blame.ts';
import { Bus } from './bus.ts';
import { contextFor } from './context.ts';
import type { Effect } from './effect.ts';
import { CheckstopError } from './error.ts';
import { Machine } from './machine.ts';
import type { Plugin } from './plugin.ts';
import type { Property } from './property.ts';

/** Bytes of RAM when no plugin asks for any: one page, so that layouts need no special case. */
const NO_RAM = 256;

/** A machine in the making: what the plugins declared so far, then the finished parts. */
export class Draft {
  readonly bus = new Bus();
  readonly records: RecordDeclaration[] = [];
  private readonly states: { bind(arena: Arena): void }[] = [];
  readonly derived: { name: string; size: number }[] = [];
  ramSize: number | undefined;
  readonly capabilities = new Map<string, unknown>();
  driver: ((index: number) => Agent) | undefined;
  readonly offers: Offer[] = [];
  readonly properties: Property[] = [];
  readonly describers: ((agent: number) => string | undefined)[] = [];
  readonly lanes: Lane[] = [];
  readonly stopReasons: string[] = [];
  readonly effects: Effect[] = [];
  readonly readies: (() => void)[] = [];
  arena: Arena | undefined;
  ram: Ram | undefined;
  machine: Machine | undefined;
  private readonly stop = this.declare('shared', 'kernel', { stopped: u32, by: agentId }, 'architectural');

  constructor(readonly agentCount: number) {}

  /** The first phase: the plugin declares. */
  setUp(plugin: Plugin): void {
    const result: unknown = blaming(plugin.name, 'setup()', () => plugin.setup(contextFor(plugin, this)));
    if (result instanceof Promise) {
      // Whatever becomes of it, nobody waits.
      result.catch(() => {});
      throw new CheckstopError(
        'PLUGIN_INVALID',
        `Plugin '${plugin.name}' has an asynchronous setup(), and machines are put together at once; load what takes time before you make the plugin.`,
        { plugin: plugin.name, field: 'setup' },
      );
    }
    for (const name of plugin.provides)
      if (!this.capabilities.has(name))
        throw new CheckstopError(
          'CAPABILITY_MISSING',
          `Plugin '${plugin.name}' says that it provides '${name}' but did not.`,
          { plugin: plugin.name, capability: name },
        );
  }

  /** The second phase: lays out the arena, makes the machine, and lets the plugins get ready. */
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
      providers: new Map(plugins.flatMap(({ name, provides }) => provides.map((capability) => [capability, name]))),
      stopReasons: this.stopReasons,
      stopCell: this.stop.base(0),
      effects: this.effects,
    });
    arena.logging = false; // Images of any size may be loaded, and nobody undoes that.
    for (const ready of this.readies) ready();
    for (let index = 0; index < this.agentCount; index++) agents.push(driver(index));
    arena.logging = true;
    return this.machine;
  }

  /** Declares a record; it gets its address when the machine is finished. */
  declare<F extends Fields>(owner: StateOwner, name: string, fields: F, kind: StateKind): State<F> {
    if (this.records.some((record) => record.name === name))
      throw new CheckstopError(
        'STATE_DUPLICATE',
        `Two plugins declare state named '${name}'; prefix it with the plugin's name.`,
        { name },
      );
    const declaration = declareRecord(owner, name, fields, kind);
    for (const [key, type] of Object.entries(fields))
      if (type.length !== undefined && type.byAgent && type.length !== this.agentCount)
        throw new CheckstopError(
          'STATE_BAD_FIELD',
          `The field '${key}' of state '${name}' has an element for each of ${type.length} agents; there are ${this.agentCount}: byAgent(type, ctx.agentCount).`,
          { name, key },
        );
    this.records.push(declaration);
    const state = new State<F>(declaration);
    this.states.push(state);
    return state;
  }
}
