import type { Condition, Section } from '@checkstop/hypervisor';
import { createMachine, definePlugin, type EventName, type Events, type Plugin } from '@checkstop/kernel';
import { assemble, ppc64 } from '@checkstop/ppc-core';
import { HCALL } from './hcall-numbers.ts';
import { qemu } from './qemu.ts';

/** Where the vCPUs' code lies: a loop of hypercalls of the number in r14. */
const LOOP = 0x1000;
/** Number of a hypercall that waits for news. */
export const WAIT = 0x18;
export const { H_CEDE } = HCALL;
const { H_SET_SPRG0: CALL } = HCALL;

const check = { kind: 'slb-multihit', recovered: false, address: 0n } as const;

/** vCPUs in the guest, two unless said otherwise, each at its next hypercall, and something that is carried or lost, forgotten or not. */
export function stopped(plugin: Plugin, vcpus = 2) {
  let news = {} as Condition;
  let secret = false;
  const section: Section = {
    name: 'interlock',
    inFlight: true,
    empty: () => !secret,
    clear() {
      secret = false;
    },
  };
  const part = definePlugin({
    name: 'part',
    version: '1.0.0',
    contract: 1,
    requires: ['hypervisor'],
    provides: ['delivery'],
    setup(ctx) {
      const hypervisor = ctx.use('hypervisor');
      news = hypervisor.condition('news');
      hypervisor.hcalls.bind(
        WAIT,
        hypervisor.steps({
          name: 'wait',
          steps: { wait: (c) => c.wait(news, 'done'), done: (c) => c.done(0) },
        }),
      );
      hypervisor.sections.push(section);
      ctx.provide('delivery', { strike: () => undefined });
    },
  });
  const machine = createMachine({ plugins: [ppc64(), qemu({ vcpus }), part(), plugin] });
  const hypervisor = machine.use('hypervisor');
  const processor = machine.use('processor');
  const { bytes } = assemble('mr 3,14\n sc 1\n b .-8', { origin: LOOP, endian: 'big' });
  machine.ram.writeBytes(LOOP, bytes);
  for (let agent = 0; agent < vcpus; agent++) hypervisor.start(agent, { nip: LOOP, r3: 0n, ile: false });
  const heard: unknown[] = [];
  const hear = <K extends EventName>(event: K, tell: (payload: Events[K]) => unknown) =>
    machine.bus.on(event, (payload) => void heard.push(tell(payload)));
  return {
    machine,
    hypervisor,
    heard,
    hear,
    news: () => news,
    /** Something is in flight. */
    hide: () => {
      secret = true;
    },
    /** A check strikes this vCPU, and nobody reports it. */
    strike: (agent: number) => hypervisor.checks.latch(agent, check),
    /** Steps a vCPU that makes this hypercall until it is in this mode, at most 20 times. */
    until(agent: number, mode: string, call: number = CALL) {
      processor.vcpus[agent].setGpr(14, BigInt(call));
      for (let i = 0; i < 20 && hypervisor.mode(agent) !== mode; i++) machine.step(agent);
      if (hypervisor.mode(agent) !== mode) throw new Error(`vcpu${agent} never gets to mode ${mode}`);
    },
    /** What is on offer beside steps. */
    offers: () =>
      machine.alternatives().flatMap(({ agent, action }) => (action === 'step' ? [] : [`${agent} ${action}`])),
    /** Takes an offer. */
    take: (action: string, agent = 0) => void machine.step(agent, machine.actions.indexOf(action)),
  };
}
