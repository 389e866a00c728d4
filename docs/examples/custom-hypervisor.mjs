import { explore } from '@checkstop/explorer';
import { linuxGuest } from '@checkstop/guest-linux';
import { cede, createHypervisor, injectChecks, rtasGateway, setMode } from '@checkstop/hypervisor';
import { createMachine, definePlugin } from '@checkstop/kernel';
import { ppc64 } from '@checkstop/ppc-core';
import { fwnmi } from '@checkstop/rtas-fwnmi';

// A hypervisor without any lock: the exits of its vCPUs are handled side by side.
const lockless = definePlugin({
  name: 'lockless',
  version: '1.0.0',
  contract: 1,
  provides: ['hypervisor'],
  requires: ['processor'],
  agents: () => 2,
  setup(ctx) {
    const hypervisor = createHypervisor(ctx);
    ctx.memory(0x10000);
    ctx.provide('hypervisor', hypervisor);
    hypervisor.hcalls.bind(0xe0, cede(hypervisor));
    hypervisor.hcalls.bind(0x31c, setMode(ctx, hypervisor));
    hypervisor.hcalls.bind(0xf000, rtasGateway(ctx, hypervisor));
  },
});

// A strategy: the check leaves the guest, and the hypervisor tries for the interlock until it has it.
const insist = definePlugin({
  name: 'insist',
  version: '1.0.0',
  contract: 1,
  provides: ['delivery'],
  requires: ['hypervisor', 'fwnmi'],
  setup(ctx) {
    const { interlock, report, enterRoutine } = ctx.use('fwnmi');
    const deliver = ctx.use('hypervisor').steps({
      name: 'insist',
      steps: {
        claim: (c) => (interlock.tryTake(c.agent) ? c.goto('enter') : c.stay()),
        enter(c) {
          report(c.agent, c.vcpu.gpr(3));
          enterRoutine(c.agent);
          return c.resume();
        },
      },
    });
    ctx.provide('delivery', { strike: () => deliver });
  },
});

const machine = createMachine({ plugins: [ppc64(), lockless(), fwnmi(), linuxGuest(), insist(), injectChecks()] });
machine.boot();
const { verdict, states } = explore(machine).run();
console.log(`${verdict}, in ${states} states`); // the same retry under QEMU's Big Lock is a deadlock
process.exitCode = verdict === 'holds' ? 0 : 1;
