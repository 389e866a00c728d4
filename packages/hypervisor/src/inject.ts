import { bool, CheckstopError, definePlugin, type PluginContext, u32 } from '@checkstop/kernel';
import * as v from 'valibot';
import { version } from '../package.json';
import { ARRIVALS, strikesBefore } from './arrival.ts';
import { CHECK_KINDS } from './check-kinds.ts';
import { type Guest, MAX_CHECK_LEVELS } from './guest.ts';
import { declareUnderWay } from './under-way.ts';

const options = v.optional(
  v.strictObject({
    /**
     * How many checks may strike each vCPU: all of them may nest, so no more than the guest has levels. Or any number for ever, one
     * after another: the next once the code that the one before interrupted goes on.
     */
    perVcpu: v.optional(
      v.union([v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(MAX_CHECK_LEVELS)), v.literal('unbounded')]),
      1,
    ),
    afterKexec: v.optional(
      v.pipe(
        v.boolean(),
        v.description('Whether checks still strike once another kernel has taken over, as by kexec.'),
      ),
      true,
    ),
    arrival: v.optional(
      v.pipe(
        v.picklist(ARRIVALS),
        v.description(
          'Whether checks come at any boundary, or synchronously: at a load, a store or a fetch that meets the error, which meets it again when it is executed again unless somebody has repaired it.',
        ),
      ),
      'async',
    ),
    kind: v.optional(v.picklist(CHECK_KINDS), 'slb-multihit'),
    recovered: v.optional(v.pipe(v.boolean(), v.description('Whether the hardware has repaired it already.')), false),
    /** The failing effective address, where the kind has one; beyond 2^53 a bigint. */
    address: v.optional(
      v.union([
        v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
        v.pipe(v.bigint(), v.minValue(0n), v.maxValue(2n ** 64n - 1n)),
      ]),
      0xdeadbeef,
    ),
  }),
  {},
);

/**
 * Lets machine checks strike: offers the action `check` on every vCPU that is at a boundary between guest instructions, or
 * ceded. (A check that arrives while the vCPU is in the hypervisor waits for its next boundary, where it is on offer
 * anyway.) Whether and when one strikes is the scheduler's choice. A synchronous one can strike only before an instruction that
 * accesses what failed.
 *
 * @throws CheckstopError CHECKS_BEYOND_GUEST, when the machine is made, if more could nest than the guest has levels for
 */
export const injectChecks = definePlugin({
  name: 'inject-checks',
  version,
  contract: 1,
  requires: ['hypervisor', 'processor'],
  provides: ['injection'],
  options,
  setup(ctx, { perVcpu, arrival, kind, recovered, address, afterKexec }) {
    const hypervisor = ctx.use('hypervisor');
    const { vcpus } = ctx.use('processor');
    const synchronous = arrival === 'sync';
    const canStrike = (agent: number) =>
      synchronous
        ? hypervisor.mode(agent) === 'guest' && strikesBefore(arrival, kind, vcpus[agent]?.footprint)
        : hypervisor.atBoundary(agent);
    ctx.provide('injection', { strikesBefore: (footprint) => strikesBefore(arrival, kind, footprint) });
    const budget = perVcpu === 'unbounded' ? oneAfterAnother(ctx) : upTo(perVcpu, ctx);
    const over = afterKexec ? undefined : ctx.state('shared', 'inject-checks.over', { over: bool });
    if (over)
      ctx.bus.on('kernelReplaced', () => {
        over.at().over = true;
      });
    ctx.onReady(() => {
      const guest = ctx.tryUse('guest');
      if (guest && perVcpu !== 'unbounded' && perVcpu > guest.levels) throw beyondGuest(perVcpu, guest);
    });
    ctx.offer({
      action: 'check',
      cost: 'fault',
      available: (agent) => budget.allows(agent) && !over?.at().over && canStrike(agent),
      perform(agent) {
        budget.spend(agent);
        hypervisor.checks.latch(agent, { kind, recovered, address: BigInt(address), synchronous });
      },
    });
  },
});

/** How many checks more may strike a vCPU. */
interface Budget {
  allows(agent: number): boolean;
  spend(agent: number): void;
}

function upTo(perVcpu: number, ctx: PluginContext): Budget {
  const state = ctx.state('perAgent', 'inject-checks', { injected: u32 });
  return {
    allows: (agent) => state.at(agent).injected < perVcpu,
    spend(agent) {
      state.at(agent).injected += 1;
    },
  };
}

/** Nothing is counted: how many there were tells no states apart. */
function oneAfterAnother(ctx: PluginContext): Budget {
  const checks = declareUnderWay(ctx);
  return { allows: (agent) => !checks.isUnderWay(agent), spend: () => {} };
}

const beyondGuest = (perVcpu: number, { name, levels }: Guest): CheckstopError =>
  new CheckstopError(
    'CHECKS_BEYOND_GUEST',
    `${perVcpu} checks may strike each vCPU and nest, but the handler of '${name}' saves ${levels}: what it does beyond that is no verdict on delivery. Let at most ${levels} strike, or take a guest (or a build of it) with more levels.`,
    { perVcpu, guest: name, levels },
  );
