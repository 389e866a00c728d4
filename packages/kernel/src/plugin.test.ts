import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { createMachine } from './create-machine.ts';
import { CheckstopError } from './error.ts';
import { definePlugin, type Plugin, type PluginContext } from './plugin.ts';

declare module '@checkstop/kernel' {
  interface Capabilities {
    'test.light': { colour: string };
  }
}

const code = (act: () => unknown): string => {
  try {
    act();
  } catch (error) {
    if (error instanceof CheckstopError) return error.code;
    throw error;
  }
  return 'nothing thrown';
};

const agents = (setup?: (ctx: PluginContext) => void) =>
  definePlugin({
    name: 'agents',
    version: '1.0.0',
    contract: 1,
    agents: () => 1,
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
    expect(code(() => dial({ level: 12 }))).toBe('PLUGIN_BAD_OPTION');
    expect(() => dial({ level: 12 })).toThrow(/'dial': level: .*11/);
  });

  it('says when the arena is asked for too early', () => {
    expect(code(() => createMachine({ plugins: [agents((ctx) => void ctx.arena)] }))).toBe('MACHINE_TOO_EARLY');
  });

  it('undoes effects, last first', () => {
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
});
