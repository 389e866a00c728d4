import { type Accessor, agentId, bool, type Fields, u32 } from './arena/descriptor.ts';
import { createMachine } from './create-machine.ts';
import { CheckstopError } from './error.ts';
import type { Machine } from './machine.ts';
import { type CapabilityName, definePlugin, type PluginContext } from './plugin.ts';

const own = { pc: u32 } satisfies Fields;
const common = { holder: agentId, total: u32, done: bool } satisfies Fields;

/** The CheckstopError that this throws, if it throws one. */
export function thrown(act: () => unknown): CheckstopError | undefined {
  try {
    act();
  } catch (error) {
    if (error instanceof CheckstopError) return error;
    throw error;
  }
  return undefined;
}

/** What the tests' toy gives access to. */
export interface Toy {
  readonly machine: Machine;
  own(agent: number): Accessor<typeof own>;
  common(): Accessor<typeof common>;
}

/** A toy for tests: each agent takes a lock, adds one to a shared total, and gives the lock back. `extend` adds to the plugin's set-up. */
export function toy(
  agents = 2,
  extend: (ctx: PluginContext) => void = () => {},
  provides: readonly CapabilityName[] = [],
): Toy {
  let states = {} as { own: (agent: number) => Accessor<typeof own>; common: () => Accessor<typeof common> };
  const plugin = definePlugin({
    name: 'toy',
    version: '1.0.0',
    contract: 1,
    provides,
    agents: () => agents,
    setup(ctx) {
      const mine = ctx.state('perAgent', 'toy', own);
      const ours = ctx.state('shared', 'toy.shared', common);
      states = { own: (agent) => mine.at(agent), common: () => ours.at() };
      ctx.stops('enough');
      ctx.describe({
        agent: (agent) => ['take', 'add', 'give', 'end'][mine.at(agent).pc],
        lanes: [{ name: 'lock', value: () => String(ours.at().holder) }],
      });
      ctx.drive((agent) => ({
        name: `toy${agent}`,
        enabled: () => mine.at(agent).pc < 3 && (mine.at(agent).pc !== 0 || ours.at().holder === -1),
        step: () => {
          const { pc } = mine.at(agent);
          if (pc === 0) ours.at().holder = agent;
          else if (pc === 1) ours.at().total += 1;
          else ours.at().holder = -1;
          mine.at(agent).pc = pc + 1;
          return 1;
        },
      }));
      extend(ctx);
    },
  });
  return {
    machine: createMachine({ plugins: [plugin()] }),
    own: (agent) => states.own(agent),
    common: () => states.common(),
  };
}
