import { cede, createHypervisor, rtasGateway, setMode, setSprg0, signalSysReset } from '@checkstop/hypervisor';
import { definePlugin } from '@checkstop/kernel';
import * as v from 'valibot';
import { version } from '../package.json';
import { Areas } from './areas.ts';
import { declareDispatcher } from './dispatch.ts';
import { HCALL } from './hcall-numbers.ts';
import { registerVpaRow } from './register-vpa.ts';

const KIB = 1024;

const options = v.optional(
  v.strictObject({
    vcpus: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(8)), 2),
    bql: v.optional(
      v.pipe(
        v.picklist(['unfair', 'fifo']),
        v.description(
          'Who gets the Big QEMU Lock: it is an ordinary mutex, so by default whoever is scheduled first; fifo: whoever asked first.',
        ),
      ),
      'unfair',
    ),
    entryMe: v.optional(
      v.pipe(
        v.picklist(['kvm', 'isa']),
        v.description(
          "MSR[ME] at 0x200: KVM enters a guest's machine check with ME=1, the ISA's own with ME=0, where a second check is a checkstop.",
        ),
      ),
      'kvm',
    ),
    withoutMe: v.optional(
      v.pipe(
        v.picklist(['checkstop', 'taken']),
        v.description(
          'What a check does that strikes while MSR[ME] is 0: it stops the machine (Power ISA, Book III, Machine Check Interrupt), or strikes as if ME were 1.',
        ),
      ),
      'checkstop',
    ),
    poison: v.optional(
      v.pipe(
        v.boolean(),
        v.description(
          'Whether hypercalls and RTAS calls destroy every register that they may destroy (LoPAR, Register Usage). QEMU does not; a guest must survive it, which brief ones need not: use full ones.',
        ),
      ),
      false,
    ),
    starts: v.optional(
      v.pipe(
        v.picklist(['kept', 'poisoned']),
        v.description(
          'What a vCPU that starts finds in its registers, beside r3 and the MSR: what they held when it stopped (QEMU), or nothing that it could use, since LoPAR promises nothing (start-cpu).',
        ),
      ),
      'kept',
    ),
    /** Where yield counts wrap, and, times the entries of a log, the indexes of dispatch trace logs: a bound of a search. */
    counterWrap: v.optional(v.pipe(v.number(), v.integer(), v.minValue(2), v.maxValue(2 ** 32), v.multipleOf(2)), 4),
    /** Bytes of RAM, a multiple of 64 KiB. */
    ram: v.optional(v.pipe(v.number(), v.integer(), v.minValue(64 * KIB), v.multipleOf(64 * KIB)), 64 * KIB),
  }),
  {},
);

const qemuMachine = definePlugin({
  name: '@checkstop/hypervisor-qemu',
  version,
  contract: 1,
  provides: ['hypervisor', 'exitLock', 'dispatcher'],
  requires: ['processor'],
  options,
  agents: ({ vcpus }) => vcpus,
  setup(ctx, { bql, entryMe, withoutMe, poison, starts, counterWrap, ram }) {
    ctx.memory(ram);
    const hypervisor = createHypervisor(ctx, { entryMe, withoutMe, poison, starts });
    ctx.provide('hypervisor', hypervisor);
    ctx.provide('exitLock', hypervisor.lock('BQL', bql));
    const areas = new Areas(ctx);
    ctx.provide('dispatcher', declareDispatcher(ctx, hypervisor, areas, counterWrap));
    hypervisor.hcalls.bind(HCALL.H_REGISTER_VPA, registerVpaRow(ctx, hypervisor, areas));
    hypervisor.hcalls.bind(HCALL.H_SIGNAL_SYS_RESET, signalSysReset(ctx, hypervisor));
    hypervisor.hcalls.bind(HCALL.H_SET_SPRG0, setSprg0(hypervisor));
    hypervisor.hcalls.bind(HCALL.H_CEDE, cede(hypervisor));
    hypervisor.hcalls.bind(HCALL.H_SET_MODE, setMode(ctx, hypervisor));
    hypervisor.hcalls.bind(HCALL.KVMPPC_H_RTAS, rtasGateway(ctx, hypervisor));
  },
});

/**
 * QEMU's pseries machine as far as machine checks need it: every exit of a vCPU is handled under the Big QEMU Lock, which
 * the lab's strategies know as `exitLock` and never by name; hypercalls have QEMU's numbers, all others answer H_FUNCTION.
 * `fifoLocks` are the options under which its locks go to whoever has asked longest.
 */
export const qemu = Object.assign(qemuMachine, { fifoLocks: { bql: 'fifo' } as const });
