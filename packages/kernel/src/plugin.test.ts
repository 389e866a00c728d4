import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { u32 } from './arena/descriptor.ts';
import type { State } from './arena/state.ts';
import { createMachine } from './create-machine.ts';
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
    expect(code(() => createMachine({ plugins: [agents(), agents()] }))).toBe('MACHINE_AGENTS');
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
