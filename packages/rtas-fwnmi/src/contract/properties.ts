import type { AddressRange, Guest } from '@checkstop/hypervisor';
import type { EventName, Events, Property } from '@checkstop/kernel';
import { MSR, type Processor } from '@checkstop/ppc-core';
import { compareRegisters, compareSrr1, hex, mismatch } from './compare.ts';
import { DESCRIPTIONS } from './descriptions.ts';
import { type ComparedRegister, inRoutine, type Ledger, type Level, recoverableBoundary } from './ledger.ts';
import { progress } from './progress.ts';

/** Bytes that a system reset leaves in its area. */
const RESET_AREA = 16;

/** What the properties of the contract judge by. */
export interface ContractView {
  readonly processor: Processor;
  readonly ledger: Ledger;
  readonly guest: Guest;
  /** Where a buffer must lie: in RTAS space, or in page 7 after ibm,nmi-register-2. */
  readonly bounds: () => AddressRange;
  /** Doublewords in big-endian order, as the buffer holds them. */
  readU64(address: number): bigint;
  /** Why a reader of the log at this address would give up; undefined for a sound one. */
  malformed(address: number): string | undefined;
  /** Where the log is that is somebody's, if the layout lets a system reset write there; else an empty range. */
  readonly log: () => AddressRange;
  readonly interlockHolder: () => number;
  readonly littleEndianInterrupts: (agent: number) => boolean;
  readonly mode: (agent: number) => string;
  /** Where a vCPU is, for words only: looking leaves no footprint. */
  nip(agent: number): bigint;
  /** Whether the vCPU's next step could happen now. */
  readonly canStep: (agent: number) => boolean;
  /** Whether LoPAR's reboot policy has to end the partition for what struck this vCPU last. */
  readonly rebootDue: (agent: number) => boolean;
  /** `private`: SPRG2 is the OS's like any other; `shared`: it is scratch at every machine check (LoPAR, LPAR option). */
  readonly sprg2: 'private' | 'shared';
  /** Which SPRG that is about: SPRG2, or SPRG1 after ibm,nmi-register-2. */
  readonly sharedSprg: () => 'sprg1' | 'sprg2';
  /** Whether a check of this vCPU strikes again and again where it struck, because nobody repairs what causes it. */
  readonly unrepaired: (agent: number) => boolean;
  /** Whether checks can strike before the instruction of the work at this address. */
  readonly isStruckBefore: (address: number) => boolean;
}

/** The properties of the FWNMI contract, each decided for itself. */
export function contractProperties(view: ContractView): Property[] {
  return [
    entryContract(view),
    resumeContext(view),
    ...noFalseResume(view),
    ...justifiedStop(view),
    ...delivered(view),
    ...ownLog(view),
    noDeadlock(view),
    ...noStale(),
    deliveredAndResumed(view),
    progress(view),
  ].map((property) => ({ ...property, description: DESCRIPTIONS[property.name] }));
}

/** How code that was interrupted goes on: behind a check, or behind a system reset. */
const RETURNS = ['resumed', 'resetReturned'] as const;

/** An event property, typed by its events. */
function on<K extends EventName>(
  name: string,
  events: K | readonly K[],
  check: (payload: Events[K]) => string | undefined,
): Property {
  return { kind: 'event', name, on: [events].flat() as K[], check: (payload) => check(payload as never) };
}

/** At the first instruction of the registered routine (LoPAR R1-7.3.14-13). */
function entryContract(view: ContractView): Property {
  return on('entryContract', 'delivered', ({ agent }) => {
    const vcpu = view.processor.vcpus[agent];
    const check = view.ledger.top(agent);
    if (!check) return undefined;
    return (
      buffer(view, vcpu.gpr(3), check.gprs.get(3)) ??
      compareRegisters(vcpu, check, { gprs: [3], special: excusedSprgs(view, check) }) ??
      (vcpu.reg('srr0') === check.nip ? undefined : mismatch('SRR0', vcpu.reg('srr0'), check.nip)) ??
      compareSrr1(vcpu.reg('srr1'), check.msr) ??
      entryMsr(view, agent, vcpu.reg('msr'))
    );
  });
}

function buffer(view: ContractView, r3: bigint, savedR3: bigint): string | undefined {
  const { start, end } = view.bounds();
  if (r3 % 16n !== 0n || r3 < BigInt(start) || r3 + 16n > BigInt(end)) {
    const where = view.sharedSprg() === 'sprg1' ? 'page 7' : 'RTAS space';
    return `r3 is ${hex(r3)}, no 16-byte-aligned buffer in ${where} (${hex(BigInt(start))} + ${end - start})`;
  }
  const stored = view.readU64(Number(r3));
  if (stored !== savedR3) return mismatch("the buffer's first doubleword", stored, savedR3);
  const version = view.readU64(Number(r3) + 8) >> 56n;
  if (version !== 6n) return `the log at r3+8 has version ${version}, not 6`;
  const why = view.malformed(Number(r3) + 8);
  return why === undefined ? undefined : `the log at r3+8 can't be read: ${why}`;
}

/** The SPRG that LoPAR shares with firmware is compared only where the profile says so, the boundary had RI=1 and the guest declares it live there. */
function excusedSprgs(view: ContractView, check: Level): ReadonlySet<ComparedRegister> {
  const shared = view.sharedSprg();
  const live = view.sprg2 === 'private' && recoverableBoundary(check) && !view.guest.sprgs.scratch.includes(shared);
  return new Set(live ? [] : [shared]);
}

/** A 64-bit OS whatever its task was, with machine checks enabled, in the byte order of its interrupts. */
function entryMsr(view: ContractView, agent: number, msr: bigint): string | undefined {
  const expected = MSR.SF | MSR.ME | (view.littleEndianInterrupts(agent) ? MSR.LE : 0n);
  return msr === expected ? undefined : `MSR is ${hex(msr)} at the routine's entry, it should be ${hex(expected)}`;
}

/** At the first instruction after the rfid that leaves the routine, that for checks or that for system resets. */
function resumeContext(view: ContractView): Property {
  return on('resumeContext', RETURNS, ({ agent }) => {
    const check = view.ledger.top(agent);
    if (!check || !recoverableBoundary(check)) return undefined; // noFalseResume judges that
    const vcpu = view.processor.vcpus[agent];
    const dead = new Set<ComparedRegister>([...excusedSprgs(view, check), ...view.guest.sprgs.scratch]);
    if (vcpu.reg('nip') !== check.nip) return mismatch('NIP', vcpu.reg('nip'), check.nip);
    if (vcpu.reg('msr') !== check.msr) return mismatch('MSR', vcpu.reg('msr'), check.msr);
    if (view.processor.reserved(agent))
      return 'a reservation from before the interrupt is still held: a store-conditional could succeed that must fail';
    return compareRegisters(vcpu, check, { gprs: [], special: dead });
  });
}

/** Where SRR0/1 were live, resuming is itself a violation: the old values are lost under every strategy. */
function noFalseResume(view: ContractView): Property[] {
  const resumed = on('noFalseResume', RETURNS, ({ agent }) => {
    const level = view.ledger.top(agent);
    return level && !recoverableBoundary(level)
      ? `resumed at ${hex(level.nip)}, where RI was 0 and SRR0/1 were live: they are lost`
      : undefined;
  });
  const dropped = on('noFalseResume', 'checkDropped', ({ nip, recoverable, reason }) =>
    reason === 'recovered' && !recoverable
      ? `a recovered check was dropped at ${hex(nip)}, where RI was 0 and SRR0/1 were live: they are lost`
      : undefined,
  );
  return [resumed, dropped];
}

/** A panic needs SRR1[RI]=0 or an unrecoverable log; a checkstop needs ME=0 or the interlock in this vCPU's hands; a reboot needs a profile that asks for it; a spin is a hang; any other stop is a violation. */
function justifiedStop(view: ContractView): Property[] {
  const stops = on('justifiedStop', 'stop', ({ agent, reason }) => {
    if (reason === 'os-term') return unjustifiedPanic(view, agent);
    if (reason === 'checkstop') return unjustifiedCheckstop(view, agent);
    if (reason === 'machine-reset') return undefined; // whoever is outside wanted it
    if (reason === 'reboot' && view.rebootDue(agent)) return undefined;
    return `the machine stopped: ${reason}`;
  });
  const crash = on('justifiedStop', 'kernelCrashed', ({ agent }) => unjustifiedPanic(view, agent));
  const spin: Property = {
    kind: 'bottom',
    name: 'justifiedStop',
    check() {
      const { vcpus } = view.processor;
      const looping = vcpus.find(({ index }) => view.unrepaired(index));
      if (looping)
        return `vcpu${looping.index} hangs: it is struck by the same check again and again, and nobody repairs what causes it`;
      // Whoever retries for an undelivered check is noDeadlock's. Being inside the hypervisor is no idling: a guest may hang in hypercalls.
      if (vcpus.some(({ index }) => isUndelivered(view, index))) return undefined;
      const agent = vcpus.findIndex(({ index }) => view.canStep(index));
      return agent < 0
        ? undefined
        : `vcpu${agent} runs for ever around ${hex(view.nip(agent))} and never idles: it hangs`;
    },
  };
  return [stops, crash, spin];
}

function unjustifiedPanic(view: ContractView, agent: number): string | undefined {
  const check = view.ledger.top(agent);
  if (check?.stage === 'reset')
    return recoverableBoundary(check)
      ? 'the guest panicked in its routine for system resets, though SRR1[RI] was 1'
      : undefined;
  // 0x200 without a log: LoPAR reboots a partition that is not registered.
  if (check?.stage === 'left') return undefined;
  if (check?.stage === 'struck' && view.ledger.isOwn(check)) return undefined;
  const seen = check !== undefined && inRoutine(check);
  if (seen && (!check.recoverable || check.unrecoverable)) return undefined;
  if (seen) return 'the guest panicked in the routine, though SRR1[RI] was 1 and the log recoverable';
  if (check?.stage === 'struck')
    return 'the guest panicked on a check that its registered routine never saw, though it had registered';
  return view.ledger.lostShared(agent)
    ? `the guest panicked outside the registered routine: it keeps state in ${view.sharedSprg().toUpperCase()}, which is shared scratch under this profile, so the guest is at fault`
    : 'the guest panicked outside the registered routine: it found its own state corrupted';
}

function unjustifiedCheckstop(view: ContractView, agent: number): string | undefined {
  const checks = view.ledger.checks(agent);
  const maskedOff = checks.length > 0 && (checks[checks.length - 1].msr & MSR.ME) === 0n;
  if (maskedOff) return undefined;
  if (view.interlockHolder() !== agent) return 'checkstop, though ME was 1 and this vCPU did not hold the interlock';
  return checks.length > 1
    ? undefined
    : 'checkstop, though this vCPU held the interlock only for a check of a kernel that is gone';
}

/** Each check ends as exactly one of delivered, stopped, dropped or aborted, and the routine is never entered without one. */
function delivered(view: ContractView): Property[] {
  const stray = on(
    'delivered',
    'strayEntry',
    ({ agent }) => `the registered routine was entered on vcpu${agent} without a check of that vCPU`,
  );
  const bypassed = on(
    'delivered',
    'bypassed',
    ({ agent }) => `vcpu${agent} returned from a machine check that the registered routine never saw`,
  );
  const lost: Property = {
    kind: 'bottom',
    name: 'delivered',
    check() {
      const agent = view.processor.vcpus.findIndex(
        ({ index }) => view.mode(index) === 'ceded' && isUndelivered(view, index),
      );
      return agent < 0 ? undefined : `a check of vcpu${agent} struck and was never delivered`;
    },
  };
  return [stray, bypassed, lost];
}

/** Some check of this vCPU struck, and the routine has not been entered for it. */
function isUndelivered(view: ContractView, agent: number): boolean {
  return view.ledger.checks(agent).some(({ stage }) => stage === 'struck');
}

/** What the routine reads between entry and interlock came from this vCPU's check, and nobody writes over it meanwhile. */
function ownLog(view: ContractView): Property[] {
  const read = on('ownLog', 'logRead', ({ agent, address }) => {
    if (view.ledger.hasLog(agent)) return undefined;
    const { logOwner } = view.ledger;
    const whose = logOwner < 0 ? 'nobody (the interlock is free)' : `vcpu${logOwner}`;
    return `vcpu${agent} read ${hex(BigInt(address))} of the log, which belongs to ${whose}`;
  });
  const overwritten = on('ownLog', 'resetSaved', ({ agent, address }) => {
    const { start, end } = view.log();
    return address < end && address + RESET_AREA > start
      ? `a system reset of vcpu${agent} left r3 at ${hex(BigInt(address))}, over a log that ends at ${hex(BigInt(end))}`
      : undefined;
  });
  return [read, overwritten];
}

/** No bottom component without a stop in which some vCPU waits, or has a check undelivered. */
function noDeadlock(view: ContractView): Property {
  return {
    kind: 'bottom',
    name: 'noDeadlock',
    check() {
      const stuck = view.processor.vcpus.flatMap(({ index }) => {
        const mode = view.mode(index);
        if (mode === 'lock' || mode === 'condition' || mode === 'hypervisor') return [`vcpu${index} waits (${mode})`];
        // A guest that retries for ever waits, too, though it runs.
        return isUndelivered(view, index) ? [`a check of vcpu${index} is undelivered`] : [];
      });
      return stuck.length === 0 ? undefined : `nothing can ever free it: ${stuck.join(', ')}`;
    },
  };
}

/** Nothing of a registration that is gone is used any more: neither its code nor what its kernel gave to the hypervisor. */
function noStale(): Property[] {
  const entry = on(
    'noStale',
    'staleEntry',
    ({ agent, address }) =>
      `a check of vcpu${agent} was taken to ${hex(BigInt(address))}, whose registration was gone when it was handed over`,
  );
  const foreign = on(
    'noStale',
    'foreignEntry',
    ({ agent, address }) =>
      `a check of vcpu${agent} was taken to ${hex(BigInt(address))}, the routine of another kernel than it struck`,
  );
  const reset = on(
    'noStale',
    'staleReset',
    ({ agent, address }) =>
      `a system reset of vcpu${agent} was taken to ${hex(BigInt(address))}, whose registration was gone`,
  );
  const survivors = on('noStale', 'machineReset', ({ left }) =>
    left.length === 0
      ? undefined
      : `the machine was reset, and the next kernel finds what is not its own: ${left.join(', ')}`,
  );
  const write = on('noStale', 'hypervisorWrite', ({ agent, what, address, size, registered }) =>
    registered
      ? undefined
      : `the hypervisor wrote ${size} bytes at ${hex(BigInt(address))} for vcpu${agent}, a ${what} that the running kernel did not register`,
  );
  return [entry, foreign, reset, survivors, write];
}

/** A cell holds only if each vCPU can be struck, delivered to and resumed at every RI=1 boundary of the work code where a check can strike. */
function deliveredAndResumed(view: ContractView): Property {
  const key = (agent: number, nip: bigint): string => `vcpu${agent} ${hex(nip)}`;
  const { start, end } = view.guest.work;
  return {
    kind: 'goal',
    name: 'deliveredAndResumed',
    on: ['resumed'],
    reach(payload) {
      const { agent, nip } = payload as { agent: number; nip: bigint };
      const check = view.ledger.top(agent);
      return check && recoverableBoundary(check) && nip >= BigInt(start) && nip < BigInt(end)
        ? key(agent, nip)
        : undefined;
    },
    goals: () =>
      view.processor.vcpus.flatMap(({ index }) =>
        Array.from({ length: (end - start) / 4 }, (_, i) => start + 4 * i)
          .filter(view.isStruckBefore)
          .map((address) => key(index, BigInt(address))),
      ),
  };
}
