import { byAgent, type Dispose, definePlugin, type Schema, u64 } from '@checkstop/kernel';
import { Engine } from './engine.ts';
import './events.ts';
import { version } from '../package.json';
import { DECODE_CACHE_BYTES, WATCH_ENTRIES } from './interpreter/plan.ts';
import { isLostBy } from './interpreter/reservation.ts';
import { REGISTER_FIELDS } from './state.ts';
import { Vcpu } from './vcpu.ts';
import { Watches, type WatchRange } from './watch.ts';

/** Processor version register of each model (POWER9 DD2.0). */
const PVR = { power9: 0x004e_1200n } as const;

/** Options of {@link ppc64}. */
export interface ProcessorOptions {
  /** Which processor it is; `power9` by default, and so far the only one. */
  readonly model?: keyof typeof PVR;
}

/** What the plugin provides: the vCPUs, one for each agent of the machine, and what concerns them all. */
export interface Processor {
  readonly vcpus: readonly Vcpu[];
  /**
   * Raises `fetch`, `load` or `store` on the bus for accesses of vCPUs that touch the range. What is watched is no part
   * of the machine's state: undo does not bring it back.
   *
   * @throws CheckstopError WATCH_BAD_RANGE
   */
  watch(range: WatchRange): Dispose;
  /** Whether the vCPU holds a reservation: a store-conditional of its could succeed. */
  reserved(agent: number): boolean;
}

const options: Schema<ProcessorOptions | undefined, Required<ProcessorOptions>> = {
  '~standard': {
    version: 1,
    vendor: 'checkstop',
    validate: (value) => {
      if (typeof value !== 'object') return { issues: [{ message: `expected an object, not ${value}` }] };
      const { model = 'power9', ...others } = value as ProcessorOptions;
      const [unknown] = Object.keys(others);
      if (unknown !== undefined)
        return { issues: [{ message: 'there is no such option; there is model', path: [unknown] }] };
      if (Object.hasOwn(PVR, model)) return { value: { model } };
      return { issues: [{ message: `expected one of ${Object.keys(PVR).join(', ')}, not ${model}`, path: ['model'] }] };
    },
  },
};

/**
 * The ppc64 processor as a plugin. Provides the capability `processor`; whoever decides how many agents there are decides
 * how many vCPUs. It runs nothing by itself: a hypervisor, or a test, calls {@link Vcpu.run}.
 */
export const ppc64 = definePlugin<ProcessorOptions | undefined, Required<ProcessorOptions>>({
  name: '@checkstop/ppc-core',
  version,
  contract: 1,
  provides: ['processor'],
  options,
  setup(ctx, { model }) {
    const registers = ctx.state('perAgent', 'cpu', REGISTER_FIELDS);
    const reservations = ctx.state('shared', 'cpu.reservations', { of: byAgent(u64, ctx.agentCount) });
    const decodeCache = ctx.derived('cpu.decode', DECODE_CACHE_BYTES);
    const watchTable = ctx.derived('cpu.watch', WATCH_ENTRIES);
    const vcpus: Vcpu[] = [];
    let watches: Watches;
    ctx.provide('processor', {
      vcpus,
      watch: (range) => watches.add(range),
      reserved: (agent) => reservations.at().of.get(agent) !== 0n,
    });

    ctx.onReady(() => {
      const { arena } = ctx;
      watches = new Watches(arena, ctx.bus, watchTable());
      const engine = new Engine(
        arena,
        ctx.agentCount,
        {
          ram: arena.layout.ram,
          ramSize: arena.layout.ramSize,
          pageOwners: arena.layout.pageOwners,
          watch: watchTable(),
          decodeCache: decodeCache(),
          reservations: reservations.base(0),
        },
        {
          watched: (agent, kind, offset, size) => watches.access(agent, kind, offset >>> 0, size), // i32s come signed
          interrupt: (agent, vector) => vcpus[agent]?.tellInterrupt(vector),
          interruptReturn: (agent) => vcpus[agent]?.tellInterruptReturn(),
          slbInvalidated: (agent) => ctx.bus.emit('slbInvalidated', { agent }),
        },
      );
      for (let agent = 0; agent < ctx.agentCount; agent++) {
        const vcpu = new Vcpu(agent, registers, arena, ctx.bus, engine);
        vcpu.setReg('pir', BigInt(agent));
        vcpu.setReg('pvr', PVR[model]);
        vcpus.push(vcpu);
      }
      // What others than vCPUs write, they write like another processor: reservations of the blocks are lost.
      ctx.ram.onWrite((address, length) => {
        const held = reservations.at().of;
        for (let agent = 0; agent < held.length; agent++) {
          if (isLostBy(held.get(agent), address, length)) held.set(agent, 0n);
        }
      });
    });
  },
});
