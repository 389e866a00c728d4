import type { AddressRange } from '@checkstop/hypervisor';
import type { PluginContext } from '@checkstop/kernel';
import { MSR, type Processor, VECTOR } from '@checkstop/ppc-core';
import './events.ts';
import type { GoneCode } from './gone.ts';
import { inRoutine, type Ledger } from './ledger.ts';

/** What following the checks needs to know of the machine. */
export interface FollowOptions {
  readonly processor: Processor;
  readonly ledger: Ledger;
  /** Real addresses of the buffers that routines are given: r3's doubleword and the log. */
  readonly buffers: readonly AddressRange[];
  /** Address of the registered routine's first instruction, whose fetch is watched; -1 while there is none. */
  routine(): number;
  /** Where system resets go although the registration is gone, if so. */
  staleReset(): number | undefined;
  /** The code of registrations that are gone, whose fetch is watched too. */
  readonly gone: GoneCode;
  /** Whether a check that struck under one kernel may be taken to the next one's routine. */
  readonly oldChecks: 'deliverable' | 'stale';
  /** The SPRG that the profile says is shared scratch, if it does. */
  sharedSprg(): 'sprg1' | 'sprg2' | undefined;
  /** Whether the guest keeps something persistent in an SPRG. */
  keeps(sprg: 'sprg1' | 'sprg2'): boolean;
  /** Whether the log now in the buffer says that the error can't be recovered from. */
  unrecoverable(): boolean;
}

/**
 * Follows every check, and every system reset, from strike to resumption by what the processor does, and keeps the ledger. Emits what the properties judge.
 */
export function followChecks(
  ctx: PluginContext,
  { processor, ledger, buffers, routine, staleReset, gone, oldChecks, sharedSprg, keeps, unrecoverable }: FollowOptions,
): void {
  const { bus } = ctx;
  const leftToVector = (agent: number) => {
    const check = ledger.top(agent);
    if (check?.stage === 'struck') check.architected = true;
  };
  bus.on('check', ({ agent }) => {
    ledger.push(processor.vcpus[agent], 'struck');
    if (routine() === -1) leftToVector(agent);
  });
  bus.on('architectedCheck', ({ agent }) => leftToVector(agent));
  const abort = (agent: number) => {
    for (const { nip } of ledger.checks(agent)) bus.emit('checkAborted', { agent, nip });
    ledger.clear(agent);
  };
  bus.on('kernelReplaced', ({ agent }) => {
    ledger.registrationEnded();
    abort(agent);
  });
  bus.on('deregistered', ({ holder }) => {
    ledger.registrationEnded();
    if (holder !== -1) ledger.logReleased(holder);
  });
  bus.on('systemReset', ({ agent }) => {
    const address = staleReset();
    if (address !== undefined) bus.emit('staleReset', { agent, address });
    if (routine() !== -1) ledger.push(processor.vcpus[agent], 'reset');
  });

  bus.on('fetch', ({ agent, address }) => {
    const isRegistered = address === routine();
    if (!isRegistered && !gone.holds(address)) return;
    const check = ledger.top(agent);
    if (check?.stage !== 'struck') {
      // Code of a registration that is gone may be run: it is the OS's again, or a check handed over before is still in it.
      // And code of another kernel may lead on from there to the routine that is registered now (Linux's kdump, crash_dump.c).
      const ledOn = check?.stage === 'entered' && check.handedTo !== address;
      if (isRegistered && !ledOn) bus.emit('strayEntry', { agent });
      return;
    }
    if (isRegistered && oldChecks === 'stale' && ledger.isOld(check)) bus.emit('foreignEntry', { agent, address });
    check.stage = 'entered';
    check.architected = false;
    check.recoverable = (processor.vcpus[agent].reg('srr1') & MSR.RI) !== 0n;
    check.unrecoverable = unrecoverable();
    // Nobody can call back a vCPU that was on its way to the routine when another one was registered.
    if (isRegistered || check.handedTo === address) bus.emit('delivered', { agent, nip: check.nip });
    else bus.emit('staleEntry', { agent, address });
  });

  ctx.onReady(() => {
    for (const buffer of buffers) ctx.effect(processor.watch({ kind: 'load', ...buffer }), 'watch a log buffer');
  });
  bus.on('load', ({ agent, address, size }) => {
    const ofBuffer = buffers.some(({ start, end }) => address < end && address + size > start);
    if (ofBuffer && ledger.top(agent)?.stage === 'entered') bus.emit('logRead', { agent, address });
  });

  bus.on('logWritten', ({ agent }) => {
    ledger.logWritten(agent);
    ledger.handedOver(agent, routine());
  });
  bus.on('handedOver', ({ agent }) => ledger.handedOver(agent, routine()));
  bus.on('interlockLost', ({ holder }) => ledger.logReleased(holder));
  bus.on('interlockReleased', ({ agent, holder }) => {
    ledger.logReleased(holder);
    const check = ledger.top(agent);
    if (check?.stage === 'entered') check.stage = 'released';
  });

  // An interrupt that comes on the way to the routine, or in it, comes back there: its return is not the one that leaves it.
  bus.on('interrupt', ({ agent, vector }) => {
    const pushed = vector === VECTOR.machineCheck || (vector === VECTOR.systemReset && routine() !== -1);
    const under = pushed ? undefined : ledger.top(agent);
    if (under) under.nested += 1;
  });
  bus.on('interruptReturn', ({ agent }) => {
    const check = ledger.top(agent);
    if (!check) return;
    if (check.nested > 0) {
      check.nested -= 1;
      return;
    }
    if (check.stage === 'reset') bus.emit('resetReturned', { agent, nip: check.nip });
    else if (inRoutine(check)) {
      const shared = sharedSprg();
      if (shared && keeps(shared)) ledger.compareShared(processor.vcpus[agent], shared);
      bus.emit('resumed', { agent, nip: check.nip });
    }
    // Before an OS has registered 0x200 is its own, and so is the check (QEMU; PAPR would reboot the partition).
    else if (!ledger.isOwn(check) && routine() !== -1) bus.emit('bypassed', { agent });
    ledger.pop(agent);
  });

  // Other ends than delivery: whatever is under way on the vCPU is over.
  const stopped = (agent: number, reason: string) => {
    for (const { nip } of ledger.checks(agent)) bus.emit('checkStopped', { agent, nip, reason });
  };
  bus.on('stop', ({ agent, reason }) => stopped(agent, reason));
  bus.on('stoppedSelf', ({ agent }) => {
    stopped(agent, 'stop-self');
    ledger.clear(agent);
  });
  for (const afresh of ['started', 'vcpuReset'] as const) bus.on(afresh, ({ agent }) => abort(agent));
  bus.on('checkDropped', ({ agent }) => {
    if (ledger.top(agent)?.stage === 'struck') ledger.pop(agent);
  });
}
