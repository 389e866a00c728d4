import { bool, CheckstopError, enumOf, type PluginContext, u64 } from '@checkstop/kernel';
import { MSR, VECTOR } from '@checkstop/ppc-core';
import type { Delivery } from './capabilities.ts';
import type { Causes } from './cause.ts';
import { CHECK_KINDS, CHECKS, type CheckKind, type CheckSyndrome } from './check-kinds.ts';
import type { InterruptTarget, InterruptUnit } from './interrupts.ts';
import { KnownChecks } from './known-checks.ts';

/** MSR[ME] at the architected entry: KVM gives the guest ME=1, the ISA's own machine check clears it. */
export type EntryMe = 'kvm' | 'isa';

/** What a check does that strikes while MSR[ME] is 0: it stops the machine, or strikes as any other. */
export type WithoutMe = 'checkstop' | 'taken';

/** A machine check as whoever injects it describes it. */
export interface Check {
  readonly kind: CheckKind;
  /** The hardware, or the hypervisor below ours, has repaired it already. */
  readonly recovered: boolean;
  /** The failing effective address, where the kind has one. */
  readonly address: bigint;
  /**
   * The vCPU's next instruction meets the error, which strikes before it has done anything. Unless the check is recovered, it strikes
   * again whenever that instruction is executed, until what caused it is repaired.
   */
  readonly synchronous?: boolean;
}

const described = { present: bool, kind: enumOf(CHECK_KINDS), recovered: bool, address: u64 };
const sampled = { srr0: u64, srr1: u64, cr: u64 };

/** A struck check, with what was sampled as it struck: what SRR0 and SRR1 held after it, and CR. */
export interface StruckCheck extends Omit<Check, 'synchronous'> {
  readonly srr0: bigint;
  readonly srr1: bigint;
  readonly cr: bigint;
}

/** The machine checks of the vCPUs, from hardware to whoever takes them. */
export interface Checks {
  /**
   * Hardware signals a check. It strikes at once when the vCPU is in the guest or ceded, before its next guest instruction
   * when it is in the hypervisor, and never when it is stopped. There is one latch: a check that is signalled while another
   * waits to strike replaces it.
   */
  latch(agent: number, check: Check): void;
  /** The check that struck this vCPU and that nobody has taken. */
  pending(agent: number): StruckCheck | undefined;
  /** A synchronous check struck this vCPU again where it had struck before, and nobody has repaired since what causes it. */
  unrepaired(agent: number): boolean;
  /** Reports are made once: the check is no longer pending. */
  take(agent: number): void;
  /**
   * The vCPU is inside the hypervisor, its registers as the pending check found them: leaves that check to 0x200, as the ISA has
   * it. It stays pending.
   */
  architected(agent: number): void;
}

/** @internal What the driver needs beyond `Checks`. */
export interface CheckUnit extends Checks, InterruptUnit {
  /** Whose struck checks are pending indeed. */
  readonly known: KnownChecks;
}

/**
 * Declares the checks of a hypervisor's vCPUs. Use `Hypervisor.checks`.
 *
 * Throws CheckstopError DELIVERY_INVALID, when the machine is made or when a check strikes, for a strategy that does not keep to `Delivery`.
 */
export function declareChecks(
  ctx: PluginContext,
  target: InterruptTarget,
  causes: Causes,
  { entryMe, withoutMe }: { readonly entryMe: EntryMe; readonly withoutMe: WithoutMe },
): CheckUnit {
  // Two records: a check may be latched while the one that struck before waits, inside the hypervisor, to be reported.
  const latch = ctx.state('perAgent', 'hypervisor.latch', { ...described, synchronous: bool });
  const pending = ctx.state('perAgent', 'hypervisor.check', { ...described, ...sampled });

  const known = new KnownChecks();
  const forget = (agent: number) => {
    pending.clear(agent);
    known.remove(agent);
  };

  const refused = (why: string): CheckstopError => {
    const plugin = ctx.machine.providerOf('delivery');
    return new CheckstopError('DELIVERY_INVALID', `The capability 'delivery' of plugin '${plugin}' is none: ${why}.`, {
      plugin,
    });
  };
  ctx.onReady(() => {
    const delivery: Partial<Delivery> | null | undefined = ctx.tryUse('delivery');
    if (delivery !== undefined && typeof delivery?.strike !== 'function')
      throw refused('it needs a function strike(agent)');
  });

  const strike = (agent: number) => {
    const { kind, recovered, address, synchronous } = latch.at(agent);
    latch.clear(agent);
    const vcpu = target.vcpu(agent);
    ctx.bus.emit('check', { agent, kind, recovered });
    if (withoutMe === 'checkstop' && (vcpu.reg('msr') & MSR.ME) === 0n) {
      ctx.machine.stop('checkstop', agent);
      return;
    }
    const syndrome: CheckSyndrome = CHECKS[kind];
    const srr0 = vcpu.reg('nip');
    if (synchronous && !recovered) causes.meet(agent, srr0, { kind, address });
    const srr1 = (vcpu.reg('msr') & ~MSR.SRR1_CAUSE) | BigInt(syndrome.srr1);
    Object.assign(pending.at(agent), { present: true, kind, recovered, address, srr0, srr1, cr: vcpu.reg('cr') });
    known.add(agent);
    vcpu.setReg('srr0', srr0);
    vcpu.setReg('srr1', srr1);
    if (syndrome.dar) vcpu.setReg('dar', address);
    if (syndrome.dsisr !== undefined) vcpu.setReg('dsisr', BigInt(syndrome.dsisr));
    const delivery = ctx.tryUse('delivery');
    const machine = delivery?.strike(agent);
    if (machine !== undefined && !target.owns(machine))
      throw refused(
        'strike() answered with what is no step machine of this hypervisor; make one with steps() in setup, or answer undefined for the architected interrupt',
      );
    if (machine) {
      target.enter(agent, machine);
      return;
    }
    // Without a strategy nobody will report it: the architected interrupt is all there is.
    if (!delivery) forget(agent);
    vcpu.raise(VECTOR.machineCheck, { srr1: syndrome.srr1, me: entryMe === 'kvm' });
  };

  return {
    latch(agent, check) {
      if (target.stopped(agent)) return;
      Object.assign(latch.at(agent), { synchronous: false, ...check, present: true });
      target.interrupted(agent);
    },
    unrepaired: (agent) => causes.unrepaired(agent),
    pending(agent) {
      const { present, kind, recovered, address, srr0, srr1, cr } = pending.at(agent);
      if (!present || !known.has(agent, 'struck')) return undefined;
      const samples = known.has(agent, 'sampled') ? { srr0, srr1, cr } : { srr0: 0n, srr1: 0n, cr: 0n };
      return { kind, recovered, address, ...samples };
    },
    take: forget,
    architected(agent) {
      const cause = Number(pending.at(agent).srr1 & MSR.SRR1_CAUSE);
      target.vcpu(agent).raise(VECTOR.machineCheck, { srr1: cause, me: entryMe === 'kvm' });
      ctx.bus.emit('architectedCheck', { agent });
    },
    latched: (agent) => latch.at(agent).present,
    strike,
    forget(agent) {
      this.halt(agent);
      known.remove(agent);
    },
    halt(agent) {
      causes.forget(agent);
      latch.clear(agent);
      pending.clear(agent);
    },
    known,
  };
}
