import type { Guest } from '@checkstop/hypervisor';
import { definePlugin, type Machine, type PluginInput } from '@checkstop/kernel';
import { assemble, MSR, type Vcpu } from '@checkstop/ppc-core';
import { bench } from '../testing.ts';
import { TOKENS } from '../tokens.ts';

export const WORK = 0x5000;
export const ROUTINE = 0x4000;
export const RUNNING = MSR.SF | MSR.ME | MSR.RI;
export type Sabotage = (vcpu: Vcpu, ram: Machine['ram']) => void;

/** What a test spoils, and where: before the routine is entered, and before its rfid. */
export interface Spoilt {
  readonly options?: Parameters<typeof bench>[0];
  readonly scratch?: Guest['sprgs']['scratch'];
  readonly msr?: bigint;
  readonly entry?: Sabotage;
  readonly exit?: Sabotage;
  /** What r3 held where the check struck. */
  readonly r3?: bigint;
  readonly persistent?: Guest['sprgs']['persistent'];
  /** The OS has not registered yet. */
  readonly unregistered?: boolean;
  /** The bytes of the log, where they are not firmware's. */
  readonly log?: Uint8Array;
  /** Writes no log and takes no interlock. */
  readonly unreported?: boolean;
  readonly plugins?: readonly PluginInput[];
}

/** A machine whose vCPU 0 was struck at work, and is inside the hypervisor on its way to the routine. */
export function struck(spoilt: Spoilt = {}) {
  const {
    options,
    scratch = [],
    persistent = [],
    msr = RUNNING,
    entry,
    log,
    r3 = 0x1122n,
    unreported = false,
    unregistered = false,
    plugins = [],
  } = spoilt;
  const plugin = definePlugin({
    name: 'spoilt',
    version: '1.0.0',
    contract: 1,
    requires: ['hypervisor', 'fwnmi'],
    provides: ['delivery', 'guest'],
    setup(ctx) {
      const fwnmi = ctx.use('fwnmi');
      const deliver = ctx.use('hypervisor').steps({
        name: 'deliver',
        steps: {
          enter(c) {
            if (!unreported) {
              fwnmi.interlock.tryTake(c.agent);
              fwnmi.report(c.agent, c.vcpu.gpr(3), log && { log });
            }
            fwnmi.enterRoutine(c.agent);
            entry?.(c.vcpu, ctx.ram);
            return c.resume();
          },
        },
      });
      ctx.provide('delivery', { strike: () => (fwnmi.registration ? deliver : undefined) });
      ctx.provide('guest', {
        name: 'spoilt',
        entry: WORK,
        endian: 'big',
        symbols: new Map(),
        ready: WORK,
        work: { start: WORK, end: WORK + 8 },
        regions: { base: 0x8000, stride: 0x100 },
        levels: 4,
        sprgs: { persistent, scratch },
      });
    },
  });
  const made = bench(options, [plugin(), ...plugins]);
  const { machine, vcpus, call } = made;
  machine.use('hypervisor').start(1, { nip: WORK, r3: 0n, ile: false });
  machine.ram.writeBytes(WORK, assemble('ldarx 5,0,6\n nop', { origin: WORK, endian: 'big' }).bytes);
  machine.ram.writeBytes(ROUTINE, assemble('lwz 5,12(3)\n rfid', { origin: ROUTINE, endian: 'big' }).bytes);
  if (!unregistered) call(0, TOKENS.NMI_REGISTER, [0x3000, ROUTINE], 1);

  const complaints: string[] = [];
  for (const property of machine.properties)
    if (property.kind === 'event')
      for (const event of property.on)
        machine.bus.on(event, (payload) => {
          const complaint = property.check(payload, event);
          if (complaint) complaints.push(`${property.name}: ${complaint}`);
        });
  const bottoms = () => machine.properties.flatMap((p) => (p.kind === 'bottom' && p.check() ? [p.name] : []));

  const [vcpu] = vcpus;
  vcpu.setReg('nip', BigInt(WORK));
  vcpu.setReg('msr', msr);
  vcpu.setGpr(3, r3);
  vcpu.setGpr(6, 0x6000n);
  machine.use('hypervisor').checks.latch(0, { kind: 'slb-multihit', recovered: false, address: 0n });
  return { ...made, vcpu, complaints, bottoms };
}

/** Lets the check be delivered and the routine return; what the properties say. */
export function complain(spoilt: Spoilt): readonly string[] {
  const { machine, vcpu, complaints } = struck(spoilt);
  machine.step(0); // deliver
  machine.step(0); // lwz
  vcpu.setGpr(3, 0x1122n);
  vcpu.setGpr(5, 0n);
  spoilt.exit?.(vcpu, machine.ram);
  machine.step(0); // rfid
  return complaints;
}
