import { createMachine } from '../create-machine.ts';
import { definePlugin } from '../plugin.ts';
import { agentId, agentSet, bool, enumOf, u32, u64 } from './descriptor.ts';
import type { State } from './state.ts';

const own = { mode: enumOf(['run', 'wait']), count: u32, wide: u64, r: u64.array(40) };
const common = { holder: agentId, flag: bool, waiters: agentSet, queue: agentId.array(3) };
const remembered = { seen: u32 };

/** A machine of two agents with state of every type and kind and 1 KiB of RAM, for tests of the arena. */
export function fixture(logBytes = 1 << 16) {
  const states = {} as { own: State<typeof own>; common: State<typeof common>; ghost: State<typeof remembered> };
  const plugin = definePlugin({
    name: 'toy',
    version: '1.0.0',
    contract: 1,
    agents: () => 2,
    setup(ctx) {
      ctx.memory(1024);
      states.own = ctx.state('perAgent', 'own', own);
      states.common = ctx.state('shared', 'common', common);
      states.ghost = ctx.state('perAgent', 'ghost', remembered, { kind: 'ghost' });
      ctx.drive((index) => ({ name: `toy${index}`, enabled: () => true, step: () => 1 }));
    },
  });
  const machine = createMachine({ plugins: [plugin()], logBytes });
  return { machine, arena: machine.arena, ram: machine.ram, ...states };
}
