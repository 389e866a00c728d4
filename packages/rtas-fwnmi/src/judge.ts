import { type Hypervisor, instructionAddress, wordAt } from '@checkstop/hypervisor';
import { CheckstopError, type Lease, type PluginContext, type State, u32 } from '@checkstop/kernel';
import { decode, type Processor } from '@checkstop/ppc-core';
import type { Interlock } from './capability.ts';
import { followChecks } from './contract/follow.ts';
import { GoneCode } from './contract/gone.ts';
import { Ledger } from './contract/ledger.ts';
import { watchLogExtent } from './contract/log-extent.ts';
import { contractProperties } from './contract/properties.ts';
import { watchFetches } from './fetch-watch.ts';
import { ERROR_LOG_MAX, type ErrorLog, isUnrecoverable, readErrorLog } from './log/index.ts';
import type { FwnmiOptions } from './options.ts';
import { firstInstruction, type registrationFields } from './registration.ts';
import type { ReportBuffer } from './report-buffer.ts';
import type { ReportPlace } from './report-place.ts';

/** What the judge looks at. */
interface Judged {
  readonly hypervisor: Hypervisor;
  readonly processor: Processor;
  readonly place: ReportPlace;
  readonly buffer: ReportBuffer;
  readonly interlock: Interlock;
  readonly registration: State<typeof registrationFields>;
  readonly options: FwnmiOptions;
  /** The lease of the buffer, from the ready phase on. */
  lease(): Pick<Lease, 'heldBy'>;
  /** Whether firmware has to end the partition for what struck this vCPU last. */
  rebootDue(agent: number): boolean;
}

/** Follows every check and adds the properties of the contract, for the guest that the machine turns out to have. */
export function judge(
  ctx: PluginContext,
  { hypervisor, processor, place, buffer, interlock, registration, options, lease, rebootDue }: Judged,
): void {
  const ledger = new Ledger(ctx, lease);
  const gone = new GoneCode(ctx);
  // In a layout of our own nothing lies over the longest log, so there is nothing to remember.
  const nowhere = { start: 0, end: 0 };
  const log = options.layout === 'own' ? () => nowhere : watchLogExtent(ctx, () => buffer.extent());
  const sharedSprg = () => (place.inPage7 ? 'sprg1' : 'sprg2');
  // The OS goes by what it registered, whatever became of that.
  const lost = ctx.state('shared', 'fwnmi.registrationLost', { machineCheck: u32 }, { kind: 'ghost' });
  ctx.bus.on('registrationLost', ({ machineCheck }) => {
    lost.at().machineCheck = machineCheck;
  });
  ctx.bus.on('registered', () => lost.clear());
  const routine = () => {
    const { valid, machineCheck } = registration.at();
    const address = instructionAddress(valid ? machineCheck : lost.at().machineCheck);
    return address !== 0 && !gone.holds(address) ? address : -1;
  };
  ctx.bus.on('kernelReplaced', ({ agent }) => {
    const { valid, machineCheck } = registration.at();
    if (valid) ctx.bus.emit('registrationGone', { agent, ranges: [firstInstruction(machineCheck)] });
  });
  const watchRoutines = watchFetches(ctx, {
    processor,
    states: [registration, gone.state],
    // At 0 there is none: there a restore is halfway through the record.
    wanted: () => [...gone.ranges(), ...(routine() > 0 ? [firstInstruction(routine())] : [])],
  });
  ctx.bus.on('registrationGone', watchRoutines);
  ctx.bus.on('registered', watchRoutines);
  followChecks(ctx, {
    processor,
    ledger,
    buffers: place.buffers,
    routine,
    staleReset: () => (registration.at().valid && routine() === -1 ? registration.at().systemReset : undefined),
    gone,
    oldChecks: options.oldChecks,
    sharedSprg: () => (options.sprg2 === 'shared' ? sharedSprg() : undefined),
    keeps: (sprg) => ctx.tryUse('guest')?.sprgs.persistent.includes(sprg) === true,
    unrecoverable: () => saysUnrecoverable(buffer.log()),
  });
  ctx.onReady(() => {
    const guest = ctx.tryUse('guest');
    if (!guest) return;
    const properties = contractProperties({
      processor,
      ledger,
      guest,
      bounds: () => place.bounds,
      readU64: (address) => ctx.ram.readU64(address, 'big'),
      malformed: (address) =>
        malformed(ctx.ram.readBytes(address, Math.min(ERROR_LOG_MAX, place.bounds.end - address))),
      log,
      interlockHolder: () => interlock.holder,
      littleEndianInterrupts: (agent) => processor.vcpus[agent]?.reg('ile') === 1n,
      mode: (agent) => hypervisor.mode(agent),
      nip: (agent) => ctx.arena.unseen(() => processor.vcpus[agent]?.reg('nip') ?? 0n),
      canStep: (agent) => ctx.machine.available(agent, 0),
      rebootDue,
      sprg2: options.sprg2,
      sharedSprg,
      unrepaired: (agent) => hypervisor.checks.unrepaired(agent),
      isStruckBefore(address) {
        const word = ctx.arena.unseen(() => wordAt(ctx.ram, guest, address));
        const footprint = word === undefined ? undefined : decode(word)?.footprint;
        return ctx.tryUse('injection')?.strikesBefore(footprint) ?? true;
      },
    });
    for (const property of properties) ctx.property(property);
  });
}

/** Bytes that are no log, because somebody wrote over them, say nothing. */
function saysUnrecoverable(log: Uint8Array): boolean {
  const read = tryRead(log);
  return !(read instanceof CheckstopError) && isUnrecoverable(read);
}

function malformed(log: Uint8Array): string | undefined {
  const read = tryRead(log);
  return read instanceof CheckstopError ? read.message : undefined;
}

function tryRead(log: Uint8Array): ErrorLog | CheckstopError {
  try {
    return readErrorLog(log);
  } catch (error) {
    if (error instanceof CheckstopError) return error;
    throw error;
  }
}
