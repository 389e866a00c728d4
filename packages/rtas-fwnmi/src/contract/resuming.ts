import type { Property } from '@checkstop/kernel';
import { compareRegisters, excusedSprgs, hex, mismatch } from './compare.ts';
import { on } from './event-property.ts';
import { type ComparedRegister, recoverableBoundary } from './ledger.ts';
import type { ContractView } from './view.ts';

/** How code that was interrupted goes on: behind a check, or behind a system reset. */
const RETURNS = ['resumed', 'resetReturned'] as const;

/** At the first instruction after the rfid that leaves the routine, that for checks or that for system resets. */
export function resumeContext(view: ContractView): Property {
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
export function noFalseResume(view: ContractView): Property[] {
  const resumed = on('noFalseResume', RETURNS, ({ agent }) => {
    const level = view.ledger.top(agent);
    return level && !recoverableBoundary(level)
      ? `resumed at ${hex(level.nip)}, where RI was 0 and SRR0/1 were live: they are lost`
      : undefined;
  });
  const dropped = on('noFalseResume', 'checkDropped', ({ nip, recoverable }) =>
    !recoverable
      ? `a recovered check was dropped at ${hex(nip)}, where RI was 0 and SRR0/1 were live: they are lost`
      : undefined,
  );
  return [resumed, dropped];
}
