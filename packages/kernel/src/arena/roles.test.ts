import { expect, it } from 'vitest';
import { createMachine } from '../create-machine.ts';
import { definePlugin } from '../plugin.ts';
import { agentId, agentSet, byAgent, u32, u64 } from './descriptor.ts';

/** Three agents, and shared state that speaks of them in every way there is. */
function threeAgents() {
  let shared: ReturnType<typeof declare> | undefined;
  const declare = (ctx: Parameters<Parameters<typeof definePlugin>[0]['setup']>[0]) =>
    ctx.state('shared', 'common', {
      plain: u32,
      holder: agentId,
      queue: agentId.array(3),
      waiters: agentSet,
      held: byAgent(u64, 3),
    });
  const plugin = definePlugin({
    name: 'three',
    version: '1.0.0',
    contract: 1,
    agents: () => 3,
    setup(ctx) {
      ctx.memory(256);
      shared = declare(ctx);
      ctx.drive((index) => ({ name: `agent${index}`, enabled: () => false, step: () => 0 }));
    },
  });
  const machine = createMachine({ plugins: [plugin()] });
  if (!shared) throw new Error('not set up');
  return { machine, common: shared.at() };
}

it('renames agents wherever shared state speaks of them, and nowhere else', () => {
  const { machine, common } = threeAgents();
  const images = machine.arena.images();
  const roles = images.roles();
  common.plain = 2;
  common.holder = 0;
  common.queue.set(0, 2);
  common.queue.set(1, 0);
  common.waiters = 0b101;
  common.held.set(0, 77n);
  const image = images.take(3);
  // 0 becomes 1, 1 becomes 2, 2 becomes 0.
  const renamed = roles.renamed(image, [1, 2, 0]);
  expect(common.plain).toBe(2);
  expect(common.holder).toBe(1);
  expect([0, 1, 2].map((i) => common.queue.get(i))).toEqual([0, 1, -1]);
  expect(common.waiters).toBe(0b011);
  expect([0, 1, 2].map((i) => common.held.get(i))).toEqual([0n, 77n, 0n]);
  expect(roles.renamed(renamed, [2, 0, 1])).toBe(image);
  const before = roles.of(image);
  const after = roles.of(renamed);
  expect([after[1], after[2], after[0]]).toEqual(before);
  expect(new Set(before).size).toBe(3);
  expect(machine.arena.hash()).toBe(machine.arena.computeHash());
});

it('says the same of agents that nobody speaks of', () => {
  const { machine } = threeAgents();
  const images = machine.arena.images();
  const [first, second, third] = images.roles().of(images.take(3));
  expect([second, third]).toEqual([first, first]);
});

it('renames nobody of whom a constant record speaks', () => {
  const { machine, common } = threeAgents();
  common.holder = 1;
  machine.arena.disown();
  const images = machine.arena.images();
  const image = images.take(3);
  expect(images.roles().renamed(image, [0, 2, 1])).toBe(-1);
  expect(images.roles().renamed(image, [2, 1, 0])).toBe(image);
});

it('takes no agents as what is said of each agent', () => {
  expect(() => byAgent(agentId, 3)).toThrow('byAgent takes elements');
});

it('takes no set with agents that do not exist, and renames nobody where one was written around the accessors', () => {
  const { machine, common } = threeAgents();
  expect(() => {
    common.waiters = 0b1000;
  }).toThrow('a set of agents below 3');
  const { layout, u32 } = machine.arena;
  const record = layout.records.find(({ name }) => name === 'common');
  const at = layout.sharedBlock + (record?.blockOffset ?? 0) + (record?.offsets.get('waiters') ?? 0);
  machine.arena.bypassed();
  u32[at / 4] = 0b1001;
  const images = machine.arena.images();
  expect(images.roles().renamed(images.take(3), [1, 0, 2])).toBe(-1);
});
