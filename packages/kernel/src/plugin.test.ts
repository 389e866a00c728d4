import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import type { Agent } from './agent.ts';
import { u32 } from './arena/descriptor.ts';
import type { State } from './arena/state.ts';
import { createMachine, type MachineOptions } from './create-machine.ts';
import type { CheckstopError } from './error.ts';
import { definePlugin, type Plugin, type PluginContext } from './plugin.ts';
import type { Schema } from './standard-schema.ts';
import { thrown } from './testing.ts';

declare module '@checkstop/kernel' {
  interface Capabilities {
    'test.light': { colour: string };
  }
}

const code = (act: () => unknown): string => thrown(act)?.code ?? 'nothing thrown';

const agents = (setup?: (ctx: PluginContext) => void, count = 1) =>
  definePlugin({
    name: 'agents',
    version: '1.0.0',
    contract: 1,
    agents: () => count,
    setup(ctx) {
      setup?.(ctx);
      ctx.drive(() => ({ name: 'a', enabled: () => false, step: () => 1 }));
    },
  })();
const lamp = (name = 'lamp', provide = true): Plugin =>
  definePlugin({
    name,
    version: '1.0.0',
    contract: 1,
    provides: ['test.light'],
    setup: (ctx) => {
      if (provide) ctx.provide('test.light', { colour: 'green' });
    },
  })();
const viewer = (seen: string[]): Plugin =>
  definePlugin({
    name: 'viewer',
    version: '1.0.0',
    contract: 1,
    requires: ['test.light'],
    setup: (ctx) => void seen.push(ctx.use('test.light').colour),
  })();

describe('composition', () => {
  it('sets up providers before users, flattens presets and leaves out what is falsy', () => {
    const seen: string[] = [];
    createMachine({ plugins: [viewer(seen), [false, [lamp()]], agents()] });
    expect(seen).toEqual(['green']);
  });

  it('reports what is missing, doubled, of another time, or empty', () => {
    expect(code(() => createMachine({ plugins: [viewer([]), agents()] }))).toBe('CAPABILITY_MISSING');
    expect(code(() => createMachine({ plugins: [lamp(), lamp('other'), agents()] }))).toBe('CAPABILITY_DUPLICATE');
    expect(code(() => createMachine({ plugins: [lamp('dark', false), agents()] }))).toBe('CAPABILITY_MISSING');
    expect(code(() => createMachine({ plugins: [agents(), { ...lamp(), contract: 2 }] }))).toBe(
      'PLUGIN_UNKNOWN_CONTRACT',
    );
    expect(code(() => createMachine({ plugins: [lamp()] }))).toBe('MACHINE_NOTHING_TO_SCHEDULE');
    expect(code(() => createMachine({ plugins: [] }))).toBe('MACHINE_NOTHING_TO_SCHEDULE');
    const others = { ...agents(), name: 'others' };
    expect(code(() => createMachine({ plugins: [agents(), others] }))).toBe('MACHINE_AGENTS');
    expect(code(() => createMachine({ plugins: [agents(undefined, 31)] }))).toBe('MACHINE_AGENTS');
  });

  it('tells the last of as many agents as there can be from constant state', () => {
    const states: State<{ n: typeof u32 }>[] = [];
    const { arena } = createMachine({
      plugins: [agents((ctx) => void states.push(ctx.state('perAgent', 'mine', { n: u32 })), 30)],
    });
    arena.disown();
    arena.track(29);
    for (const state of states) state.at(29).n = 1;
    expect(arena.footprint()).toEqual({ read: 0, write: 1 << 29, conflict: -1 });
  });

  it('reports circles, and capabilities provided without a word', () => {
    const needs = (name: string, provides: 'test.light' | 'boot', requires: 'test.light' | 'boot') =>
      definePlugin({
        name,
        version: '1.0.0',
        contract: 1,
        provides: [provides],
        requires: [requires],
        setup: () => {},
      })();
    const circle = [needs('hen', 'test.light', 'boot'), needs('egg', 'boot', 'test.light'), agents()];
    const error = thrown(() => createMachine({ plugins: circle }));
    expect(error).toMatchObject({ code: 'PLUGIN_CYCLE' });
    expect(error?.message).toContain('hen -> egg -> hen');
    const undeclared = agents((ctx) => ctx.provide('test.light', { colour: 'red' }));
    expect(code(() => createMachine({ plugins: [undeclared] }))).toBe('CAPABILITY_UNDECLARED');
  });

  it('finds optional providers wherever they stand, and does without', () => {
    const seen: unknown[] = [];
    const curious = definePlugin({
      name: 'curious',
      version: '1.0.0',
      contract: 1,
      optional: ['test.light'],
      setup: (ctx) => void seen.push(ctx.tryUse('test.light')?.colour),
    })();
    createMachine({ plugins: [curious, lamp(), agents()] });
    createMachine({ plugins: [curious, agents()] });
    expect(seen).toEqual(['green', undefined]);
  });

  it('validates options where they are written', () => {
    const dial = definePlugin({
      name: 'dial',
      version: '1.0.0',
      contract: 1,
      options: v.object({ level: v.optional(v.pipe(v.number(), v.maxValue(11)), 5) }),
      setup: () => {},
    });
    expect(dial().options).toEqual({ level: 5 });
    expect(dial().schema?.['~standard'].validate({ level: 6 })).toMatchObject({ value: { level: 6 } });
    expect(code(() => dial({ level: 12 }))).toBe('PLUGIN_BAD_OPTION');
    // @ts-expect-error options have the types of their schema
    expect(code(() => dial({ level: 'eleven' }))).toBe('PLUGIN_BAD_OPTION');
    expect(() => dial({ level: 12 })).toThrow(/'dial': level: .*11/);
  });

  it('says which options there are when one is unknown, as far as the schema tells', () => {
    const make = (options: Schema<object>) =>
      definePlugin({ name: 'dial', version: '1.0.0', contract: 1, options, setup: () => {} });
    const unknown = (options: Schema<object>): string | undefined => thrown(() => make(options)({ levl: 5 }))?.message;
    expect(unknown(v.strictObject({ level: v.optional(v.number()), unit: v.optional(v.string()) }))).toBe(
      "Option of 'dial': levl: there is no such option; there are level, unit",
    );
    expect(unknown(v.strictObject({}))).toContain('there are none');
    const validate = () => ({ issues: [{ message: 'levl is new to me', path: ['levl'] }] });
    expect(unknown({ '~standard': { version: 1, vendor: 'mine', validate } })).toContain('levl: levl is new to me');
  });

  it('takes no options when there is no schema for them', () => {
    const plain = definePlugin<object>({ name: 'plain', version: '1.0.0', contract: 1, setup: () => {} });
    expect([plain().options, plain({}).options]).toEqual([{}, {}]);
    expect(thrown(() => plain({ level: 5, unit: 'dB' }))).toMatchObject({
      code: 'PLUGIN_BAD_OPTION',
      message: "'plain' takes no options; it was given level, unit.",
    });
  });

  it('says whose code it was that threw, and where, and lets errors with a code pass', () => {
    const boo = new TypeError('boo');
    const fail = () => {
      throw boo;
    };
    const failing = (setup: (ctx: PluginContext) => void) =>
      thrown(() => createMachine({ plugins: [agents(setup)] })) ?? { message: 'nothing thrown' };
    const inSetup = failing(fail);
    expect(inSetup).toMatchObject({ code: 'PLUGIN_THREW', cause: boo, details: { plugin: 'agents', what: 'setup()' } });
    expect(inSetup.message).toContain("'agents' threw in setup(): TypeError: boo");
    expect(failing((ctx) => ctx.onReady(fail)).message).toContain('threw in onReady()');
    const driving = (agent: unknown) =>
      thrown(() =>
        createMachine({
          plugins: [
            definePlugin({
              name: 'driver',
              version: '1.0.0',
              contract: 1,
              agents: () => 1,
              setup: (ctx) => ctx.drive(agent as () => Agent),
            })(),
          ],
        }),
      );
    expect(driving(fail)).toMatchObject({ code: 'PLUGIN_THREW', details: { what: 'drive()' } });
    expect(driving(() => undefined)).toMatchObject({ code: 'MACHINE_AGENTS' });
    expect(driving(() => ({ name: 'a', enabled: () => true }))).toMatchObject({ code: 'MACHINE_AGENTS' });
    const counting = definePlugin({ name: 'n', version: '1.0.0', contract: 1, agents: fail, setup: () => {} });
    expect(thrown(counting)).toMatchObject({ code: 'PLUGIN_THREW', details: { plugin: 'n', what: 'agents()' } });
    expect(failing((ctx) => ctx.memory(1))).toMatchObject({ code: 'ARENA_BAD_SIZE' });
  });

  it('does not wait for what is asynchronous', () => {
    const late = agents(async () => {});
    expect(code(() => createMachine({ plugins: [{ ...late, setup: async () => {} }] }))).toBe('PLUGIN_INVALID');
    const rejecting = { ...late, setup: () => Promise.reject(new Error('nobody listens')) };
    expect(thrown(() => createMachine({ plugins: [rejecting] }))?.message).toContain(
      "'agents' has an asynchronous setup()",
    );
  });

  it('refuses names that a table or a token could not show, and one name twice', () => {
    const named = (name: string) => code(() => createMachine({ plugins: [agents(), { ...lamp(), name }] }));
    for (const name of ['', 'a lamp', 'lamp\n', '\u001b[31mlamp', 'x'.repeat(215)])
      expect(named(name), name.slice(0, 9)).toBe('PLUGIN_INVALID');
    for (const name of ['x'.repeat(214), '@you/lamp', '__proto__', 'constructor', 'toString', 'Lämpchen'])
      expect(named(name), name.slice(0, 9)).toBe('nothing thrown');
    expect(named('agents')).toBe('PLUGIN_DUPLICATE');
  });

  it('refuses options that can not be read, as bad options', () => {
    const boo = new TypeError('boo');
    const fail = () => {
      throw boo;
    };
    const dial = (options: Schema<object>) =>
      definePlugin({ name: 'dial', version: '1.0.0', contract: 1, options, setup() {} });
    const reading = dial(v.object({ level: v.number() }));
    expect(thrown(() => reading(Object.defineProperty({}, 'level', { get: fail, enumerable: true })))).toMatchObject({
      code: 'PLUGIN_BAD_OPTION',
      message: "The options of 'dial' can't be validated: TypeError: boo.",
      cause: boo,
    });
    const later = dial({ '~standard': { version: 1, vendor: 'mine', validate: () => Promise.reject(boo) } });
    expect(code(() => later({}))).toBe('PLUGIN_BAD_OPTION');
  });

  it('takes a list of plugins', () => {
    const given = (options: unknown) => thrown(() => createMachine(options as MachineOptions));
    for (const options of [undefined, {}, { plugins: agents() }, { plugins: 'agents' }, [agents()]])
      expect(given(options)).toMatchObject({
        code: 'PLUGIN_INVALID',
        message: expect.stringContaining('takes a list'),
      });
  });

  it('takes only plugins, and says what is wrong with one', () => {
    const refusal = (given: unknown) => thrown(() => createMachine({ plugins: [agents(), given as Plugin] }));
    for (const field of ['name', 'version', 'contract', 'provides', 'requires', 'optional', 'setup'] as const) {
      const { [field]: _, ...rest } = lamp();
      expect(refusal(rest)).toMatchObject({
        code: 'PLUGIN_INVALID',
        message: expect.stringContaining(`no '${field}'`),
      });
    }
    expect(refusal({ ...lamp(), provides: 'test.light' })?.message).toBe(
      "Plugin 'lamp' has 'provides' of the wrong kind: expected a list of capabilities; make plugins with definePlugin.",
    );
    for (const contract of ['1', null, true])
      expect(refusal({ ...lamp(), contract })).toMatchObject({
        code: 'PLUGIN_INVALID',
        details: { field: 'contract' },
      });
    expect(refusal(lamp)?.message).toContain("A function 'lamp' stands where a plugin should: call the factory");
    expect(refusal(5)).toMatchObject({ code: 'PLUGIN_INVALID', message: expect.stringContaining('A number') });
    expect(refusal(Promise.resolve(lamp()))).toMatchObject({ code: 'PLUGIN_INVALID' });
  });

  it('says when the arena is asked for too early', () => {
    expect(code(() => createMachine({ plugins: [agents((ctx) => void ctx.arena)] }))).toBe('MACHINE_TOO_EARLY');
  });

  it('says when something is declared too late', () => {
    const late = (declare: (ctx: PluginContext) => void) =>
      code(() => createMachine({ plugins: [agents((ctx) => ctx.onReady(() => declare(ctx)))] }));
    expect(late((ctx) => void ctx.state('shared', 'door', {}))).toBe('MACHINE_TOO_LATE');
    expect(late((ctx) => ctx.memory(256))).toBe('MACHINE_TOO_LATE');
  });

  it('loads more than the log would hold while getting ready', () => {
    const loader = agents((ctx) => {
      ctx.memory(4096);
      ctx.onReady(() => ctx.ram.writeBytes(0, new Uint8Array(4096).fill(1)));
    });
    const { arena, ram } = createMachine({ plugins: [loader], logBytes: 128 });
    expect(ram.readU32(4092, 'big')).toBe(0x01010101);
    expect(arena.hash()).toBe(arena.computeHash());
  });

  it('undoes effects, last first, once', () => {
    const undone: string[] = [];
    const machine = createMachine({
      plugins: [
        agents((ctx) => {
          ctx.effect(() => void undone.push('first'), 'first');
          ctx.effect(() => void undone.push('second'), 'second');
        }),
      ],
    });
    machine.dispose();
    machine.dispose();
    expect(undone).toEqual(['second', 'first']);
  });

  it('undoes the other effects when one fails, and names that one', () => {
    const undone: string[] = [];
    const machine = createMachine({
      plugins: [
        agents((ctx) => {
          ctx.effect(() => void undone.push('first'), 'first');
          ctx.effect(() => {
            throw new Error('stuck');
          }, 'the door');
        }),
      ],
    });
    const error = thrown(() => machine.dispose());
    expect(error).toMatchObject({ code: 'DISPOSE_FAILED', details: { labels: ['the door'] } });
    expect(error?.cause).toEqual(new Error('stuck'));
    expect(undone).toEqual(['first']);
  });

  it('undoes effects when the machine does not come about', () => {
    const undone: string[] = [];
    const failing = definePlugin({ name: 'failing', version: '1.0.0', contract: 1, setup: (ctx) => ctx.memory(100) });
    const plugins = [agents((ctx) => ctx.effect(() => void undone.push('first'), 'first')), failing()];
    expect(code(() => createMachine({ plugins }))).toBe('ARENA_BAD_SIZE');
    expect(undone).toEqual(['first']);
    const stuck = agents((ctx) =>
      ctx.effect(() => {
        throw new Error('stuck');
      }, 'the door'),
    );
    expect(code(() => createMachine({ plugins: [stuck, failing()] }))).toBe('ARENA_BAD_SIZE');
  });

  it('refuses what would be ambiguous or too big', () => {
    const offer = (action: string) => ({ action, cost: 'none' as const, available: () => false, perform: () => {} });
    const withOffers = (...actions: string[]) => {
      const setup = (ctx: PluginContext) => {
        for (const action of actions) ctx.offer(offer(action));
      };
      return code(() => createMachine({ plugins: [agents(setup)] }));
    };
    expect(withOffers('check', 'kexec')).toBe('nothing thrown');
    expect(withOffers('check', 'check')).toBe('OFFER_DUPLICATE');
    expect(withOffers('step')).toBe('OFFER_DUPLICATE');
    expect(withOffers('Check')).toBe('OFFER_BAD_NAME');
    const twice = agents((ctx) => {
      ctx.state('shared', 'door', {});
      ctx.state('perAgent', 'door', {});
    });
    expect(code(() => createMachine({ plugins: [twice] }))).toBe('STATE_DUPLICATE');
    const derived = (...sizes: number[]) =>
      code(() => createMachine({ plugins: [agents((ctx) => sizes.map((size) => ctx.derived('cache', size)))] }));
    expect(derived(100)).toBe('nothing thrown');
    expect(derived(8, 16)).toBe('STATE_DUPLICATE');
    for (const size of [-1, 0.5, Number.NaN]) expect(derived(size)).toBe('ARENA_BAD_SIZE');
    const twoRams = agents((ctx) => {
      ctx.memory(256);
      ctx.memory(256);
    });
    expect(code(() => createMachine({ plugins: [twoRams] }))).toBe('MACHINE_RAM_DUPLICATE');
    for (const bytes of [0, -256, 100, 2 ** 32])
      expect(code(() => createMachine({ plugins: [agents((ctx) => ctx.memory(bytes))] }))).toBe('ARENA_BAD_SIZE');
    expect(code(() => createMachine({ plugins: [agents()], logBytes: Number.NaN }))).toBe('ARENA_BAD_SIZE');
  });

  it('takes RAM up to the size that the refusal of more names', () => {
    const ram = (bytes: number) => createMachine({ plugins: [agents((ctx) => ctx.memory(bytes))] }).ram;
    let largest = 0;
    try {
      ram(2 ** 32);
    } catch (error) {
      largest = Number((error as CheckstopError).details.largest);
      expect((error as CheckstopError).message).toContain(`at most ${largest} `);
    }
    expect(largest).toBeGreaterThan(2 ** 32 - 2 ** 25);
    const memory = ram(largest);
    memory.writeU32(largest - 4, 7, 'big');
    expect(memory.readU32(largest - 4, 'big')).toBe(7);
  });

  it('takes the same plugin once, however often presets name it', () => {
    const light = lamp();
    expect(code(() => createMachine({ plugins: [light, [light], agents()] }))).toBe('nothing thrown');
  });
});
