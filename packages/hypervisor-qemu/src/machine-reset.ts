import { agentSet, bool, definePlugin, type PluginContext } from '@checkstop/kernel';
import * as v from 'valibot';
import { version } from '../package.json';

const options = v.optional(
  v.strictObject({
    waitsFor: v.optional(
      v.pipe(
        v.picklist(['everybody', 'guest']),
        v.description(
          'Whom a reset waits for before it forgets anything: every vCPU has to be out of the hypervisor (QEMU, pause_all_vcpus), or only out of the guest.',
        ),
      ),
      'everybody',
    ),
    wakes: v.optional(
      v.pipe(
        v.picklist(['broadcast', 'signal', 'nobody']),
        v.description('Which of the vCPUs that wait inside the hypervisor it wakes: all (QEMU), one, or none.'),
      ),
      'broadcast',
    ),
    forgets: v.optional(
      v.pipe(
        v.picklist(['everything', 'all-but-checks', 'all-but-interlock', 'all-but-registration']),
        v.description(
          'What it forgets: all that the kernel before had the machine remember (QEMU), or all but one thing.',
        ),
      ),
      'everything',
    ),
  }),
  {},
);

type Options = v.InferOutput<typeof options>;

/**
 * A reset of the machine, as somebody outside makes it, once, at any point: the action `machine-reset` of the vCPU that it stops first,
 * before which nobody could tell that it was asked for. Each other vCPU stops at a boundary of its own (action `halt`), or as it
 * comes out of the hypervisor; the registration is forgotten, the interlock freed, and who
 * waits in the hypervisor is woken, to find out that the context it worked for is no more.
 *
 * The machine stops with `machine-reset` when no vCPU of before is left: what would start then is the boot of a fresh machine, and all
 * that can come of the old one is what the next kernel finds of it, which `machineReset` tells.
 */
export const machineReset = definePlugin({
  name: 'machine-reset',
  version,
  contract: 1,
  requires: ['hypervisor', 'exitLock'],
  options,
  setup: declareMachineReset,
});

function declareMachineReset(ctx: PluginContext, { waitsFor, wakes, forgets }: Options): void {
  const hypervisor = ctx.use('hypervisor');
  const lock = ctx.use('exitLock');
  const gate = hypervisor.gate();
  // Who is up is written here so that no vCPU has to look at another.
  const state = ctx.state('shared', 'machine-reset', { asked: bool, forgotten: bool, up: agentSet });
  ctx.stops('machine-reset');
  ctx.bus.on('started', ({ agent }) => {
    state.at().up |= 1 << agent;
  });

  const isForgotten = ({ name }: { readonly name: string }) => forgets !== `all-but-${name}`;
  /** Nobody looks any more at what was in the vCPU's own memory, so no search need tell it apart. */
  const wipe = (agent: number) => {
    const regions = ctx.tryUse('guest')?.regions;
    if (regions) ctx.ram.writeBytes(regions.base + agent * regions.stride, new Uint8Array(regions.stride));
  };
  const down = (agent: number) => {
    hypervisor.halt(agent);
    wipe(agent);
    ctx.bus.emit('vcpuReset', { agent });
    state.at().up &= ~(1 << agent);
    if (state.at().up !== 0) return;
    // What is forgotten only now is not looked for by anybody any more.
    const left = hypervisor.sections.filter(
      (section) => !section.empty() && (state.at().forgotten || !isForgotten(section)),
    );
    ctx.bus.emit('machineReset', { agent, left: left.map(({ name }) => name) });
    ctx.machine.stop('machine-reset', agent);
  };
  gate.onLeft((agent) => {
    if (state.at().asked) down(agent);
    else if (hypervisor.mode(agent) === 'stopped') state.at().up &= ~(1 << agent);
  });

  ctx.offer({
    action: 'machine-reset',
    cost: 'fault',
    available: (agent) => hypervisor.atBoundary(agent) && !state.at().asked,
    perform(agent) {
      state.at().asked = true;
      down(agent);
    },
  });
  ctx.offer({
    action: 'halt',
    cost: 'none',
    available: (agent) => hypervisor.atBoundary(agent) && state.at().asked,
    perform: down,
  });
  if (waitsFor === 'guest')
    ctx.offer({
      action: 'reset-takes-effect',
      cost: 'none',
      // Nobody's in particular: whoever has stopped already stands for the main loop.
      available(agent) {
        if (hypervisor.mode(agent) !== 'stopped') return false;
        const { asked, forgotten, up } = state.at();
        return asked && !forgotten && (up & ~gate.inside) === 0 && lock.holder === -1;
      },
      perform(agent) {
        state.at().forgotten = true;
        // Whoever is not woken now is known to nobody any more.
        if (wakes !== 'nobody') for (const condition of hypervisor.conditions) condition[wakes]();
        for (const section of hypervisor.sections) if (isForgotten(section)) section.clear(agent);
      },
    });
}
