import { explore, renderTimeline, timeline } from '@checkstop/explorer';
import { linuxGuest } from '@checkstop/guest-linux';
import { injectChecks } from '@checkstop/hypervisor';
import { qemu } from '@checkstop/hypervisor-qemu';
import { createMachine } from '@checkstop/kernel';
import { ppc64 } from '@checkstop/ppc-core';
import { fwnmi } from '@checkstop/rtas-fwnmi';
import { hcallHold } from '@checkstop/strategies';

const plugins = [ppc64(), qemu({ vcpus: 2 }), fwnmi(), linuxGuest(), hcallHold(), injectChecks({ perVcpu: 1 })];
const machine = createMachine({ plugins });
machine.boot();
const { verdict, violations } = explore(machine).run();
console.log(verdict); // violated: retrying inside the hcall with the lock held is a deadlock
for (const { schedule } of violations) console.log(renderTimeline(timeline(machine, schedule)));
