import { createMachine, definePlugin, PLUGIN_CONTRACT, type Plugin, u32 } from '@checkstop/kernel';
import { describe, expect, it } from 'vitest';
import {
  alterPart,
  appliesTo,
  defineMutant,
  mutants,
  otherwise,
  providing,
  type Subject,
  wrongOptions,
} from './index.ts';

const plugin = (name: string, options: unknown = {}, agents?: number): Plugin => ({
  ...{ name, version: '1.0.0', contract: PLUGIN_CONTRACT, provides: [], requires: [], optional: [] },
  ...{ options, agents, setup: () => undefined },
});

const subject = (guest: unknown, perVcpu = 1): Subject => ({
  strategy: plugin('mine'),
  guest: plugin('guest', guest),
  firmware: plugin('firmware', { holderCheck: 'checkstop' }),
  hypervisor: plugin('hypervisor', {}, 2),
  injector: plugin('injector', { perVcpu }),
});

const named = (name: string) => {
  const mutant = mutants.find((other) => other.name === name);
  if (!mutant) throw new Error(`no mutant '${name}'`);
  return mutant;
};

describe('the library', () => {
  it('has names that tell its mutants apart, in small letters', () => {
    const names = mutants.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^[a-z][a-z0-9-]*$/);
  });

  it('says of each what property is to see it', () => {
    for (const { seenBy } of mutants) expect(seenBy.length).toBeGreaterThan(0);
  });
});

describe('a mutant of options', () => {
  it('applies where the option is there and right', () => {
    const mutant = named('untested-ri');
    expect(appliesTo(mutant, subject({ testRi: true }))).toBe(true);
    expect(appliesTo(mutant, subject({ testRi: false }))).toBe(false);
    expect(appliesTo(mutant, subject({}))).toBe(false);
    expect(wrongOptions(mutant, 'guest')).toEqual({ testRi: false });
    expect(wrongOptions(mutant, 'strategy')).toEqual({});
  });

  it('applies only if what else it takes is there', () => {
    expect(appliesTo(named('waits-for-itself'), subject({}, 1))).toBe(false);
    expect(appliesTo(named('waits-for-itself'), subject({}, 2))).toBe(true);
  });

  it('that changes nothing is refused', () => {
    expect(() => defineMutant({ name: 'none', what: 'nothing', seenBy: ['x'] })).toThrow(/changes nothing/);
  });
});

describe('an alteration', () => {
  const counter = definePlugin({
    name: 'counter',
    version: '1.0.0',
    contract: PLUGIN_CONTRACT,
    provides: ['counter'],
    agents: () => 1,
    setup(ctx) {
      const state = ctx.state('shared', 'counter', { count: u32 });
      ctx.provide('counter', {
        get count() {
          return state.at().count;
        },
        add: (n) => {
          state.at().count += n;
        },
      });
      ctx.drive(() => ({ name: 'a', enabled: () => true, step: () => 1 }));
    },
  });
  const mutant = defineMutant({
    name: 'twice',
    what: 'adds twice',
    seenBy: ['x'],
    alter: {
      guest: (part, acted) =>
        providing(part, 'counter', (real) =>
          otherwise(real, {
            add(n: number) {
              acted();
              real.add(2 * n);
            },
          }),
        ),
    },
  });

  it('changes what others are given, and tells that it did', () => {
    let acted = 0;
    const changed = alterPart(mutant, 'guest', counter(), () => acted++);
    const machine = createMachine({ plugins: [changed] });
    const given = machine.use('counter');
    expect([given.count, acted]).toEqual([0, 0]);
    given.add(3);
    expect([given.count, acted]).toEqual([6, 1]);
  });

  it('leaves the other parts alone', () => {
    const part = counter();
    expect(alterPart(mutant, 'strategy', part, () => undefined)).toBe(part);
  });
});

declare module '@checkstop/kernel' {
  interface Capabilities {
    counter: { readonly count: number; add(n: number): void };
  }
}
