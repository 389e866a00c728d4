import type { Section } from '@checkstop/hypervisor';
import { definePlugin, enumOf, type PluginContext, u32 } from '@checkstop/kernel';
import * as v from 'valibot';
import { version } from '../package.json';

/** What a migration takes along beside RAM and registers, by the names of the sections that it leaves behind. */
const LEFT_BEHIND = {
  everything: [],
  vmstate: ['checks', 'samples', 'waiters'],
  'all-but-checks': ['checks'],
  'all-but-samples': ['samples'],
  'all-but-waiters': ['waiters'],
  'all-but-interlock': ['interlock'],
  'all-but-registration': ['registration'],
} as const satisfies Record<string, readonly string[]>;

const CARRIES = Object.keys(LEFT_BEHIND) as (keyof typeof LEFT_BEHIND)[];

/** Most migrations in a search: one after the other they are one more of the same. */
const MAX_MIGRATIONS = 2;

const options = v.optional(
  v.strictObject({
    /** How many there may be. */
    times: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(MAX_MIGRATIONS)), 1),
    policy: v.optional(
      v.pipe(
        v.picklist(['blocked', 'delayed', 'carried']),
        v.description(
          'What becomes of a migration while a check is on its way to its handler or in it: it is refused (QEMU adds a migration blocker), it waits until none is, or it takes place all the same.',
        ),
      ),
      'blocked',
    ),
    inFlight: v.optional(
      v.pipe(
        v.picklist(['from-strike', 'from-interlock']),
        v.description(
          'From when on a check counts as in flight, up to ibm,nmi-interlock: from its strike, or from when its delivery has the interlock (QEMU, spapr_mce_req_event).',
        ),
      ),
      'from-strike',
    ),
    decided: v.optional(
      v.pipe(
        v.picklist(['at-save', 'at-start']),
        v.description(
          'When a migration is refused: up to the moment at which the machine is saved, or only when it starts to copy RAM, after which a check gets a warning (QEMU).',
        ),
      ),
      'at-save',
    ),
    pause: v.optional(
      v.pipe(
        v.picklist(['first', 'none']),
        v.description(
          'Whether every vCPU has to be out of the hypervisor before the machine is saved (QEMU, pause_all_vcpus), or goes on at the other host wherever in the hypervisor it was.',
        ),
      ),
      'first',
    ),
    carries: v.optional(
      v.pipe(
        v.picklist(CARRIES),
        v.description(
          "What is taken along beside RAM and registers: everything, what is in QEMU's vmstate (registration and interlock, but no struck check that is not reported yet, no samples taken as it struck, nobody's place in a queue of waiters), or everything but one thing.",
        ),
      ),
      'vmstate',
    ),
  }),
  {},
);

type Options = v.InferOutput<typeof options>;

/**
 * Migration: the machine is saved at one host and goes on at another, in one model of both. Offers the action `migrate`, at any point, as
 * something that somebody outside wants.
 *
 * It stops the machine by the gate of the hypervisor: vCPUs in the guest are held where they next make a call, those in the
 * hypervisor have to come out, and the last of them saves it. Nothing is done to any vCPU, since all it has in registers is taken along.
 */
export const migration = definePlugin({
  name: 'migration',
  version,
  contract: 1,
  requires: ['hypervisor', 'exitLock'],
  options,
  setup: declareMigration,
});

/** `copying`: RAM is sent while the machine runs; `stopping`: it is to be saved as soon as that can be. */
const stages = enumOf(['none', 'copying', 'stopping']);

function declareMigration(ctx: PluginContext, { times, policy, inFlight, decided, pause, carries }: Options): void {
  const hypervisor = ctx.use('hypervisor');
  const lock = ctx.use('exitLock');
  const gate = hypervisor.gate();
  const state = ctx.state('shared', 'migration', { stage: stages, begun: u32 });
  const pauses = pause === 'first';
  const counts = ({ name, inFlight: counts }: Section) => counts && (inFlight === 'from-strike' || name !== 'checks');
  const isInFlight = () => hypervisor.sections.some((section) => counts(section) && !section.empty());
  const leftBehind: readonly string[] = LEFT_BEHIND[carries];

  const save = (agent: number) => {
    state.at().stage = 'none';
    gate.closed = false;
    const lost = hypervisor.sections.filter((section) => leftBehind.includes(section.name) && !section.empty());
    for (const section of lost) section.clear(agent);
    ctx.bus.emit('migrated', { agent, lost: lost.map(({ name }) => name) });
  };
  const proceed = (agent: number) => {
    if (state.at().stage !== 'stopping') return;
    const waits = policy === 'delayed' && isInFlight();
    const isRefused = policy === 'blocked' && decided === 'at-save' && isInFlight();
    if (isRefused) state.at().stage = 'none';
    gate.closed = pauses && !waits && !isRefused;
    if (!waits && !isRefused && !(pauses && gate.inside !== 0)) save(agent);
  };
  gate.onLeft(proceed);

  /** The main loop saves the machine, and has the lock meanwhile: nobody is in the middle of a step under it. */
  const canStop = () => pauses || lock.holder === -1;
  const stop = (agent: number) => {
    state.at().stage = 'stopping';
    proceed(agent);
  };
  ctx.offer({
    action: 'migrate',
    cost: 'fault',
    available: () =>
      state.at().stage === 'none' &&
      state.at().begun < times &&
      (policy !== 'blocked' || !isInFlight()) &&
      (decided === 'at-start' || canStop()),
    perform(agent) {
      state.at().begun += 1;
      if (decided === 'at-start') state.at().stage = 'copying';
      else stop(agent);
    },
  });
  if (decided === 'at-start')
    ctx.offer({
      action: 'migration-stops-machine',
      cost: 'none',
      available: () => state.at().stage === 'copying' && canStop(),
      perform: stop,
    });
  ctx.property({
    kind: 'response',
    name: 'migrationProgress',
    description: 'Every migration that was asked for takes place in the end, or is refused.',
    pending: () => state.at().stage === 'stopping',
  });
  ctx.property({
    kind: 'bottom',
    name: 'migrationEnds',
    description: 'No run ends with a migration that was asked for, was not refused, and never takes place.',
    check: () =>
      state.at().stage === 'none'
        ? undefined
        : 'the migration that was asked for waits for ever for the machine to stop',
  });
}
