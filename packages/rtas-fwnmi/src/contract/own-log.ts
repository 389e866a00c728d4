import type { Property } from '@checkstop/kernel';
import { hex } from './compare.ts';
import { on } from './event-property.ts';
import type { ContractView } from './view.ts';

/** Bytes that a system reset leaves in its area. */
const RESET_AREA = 16;

/** What the routine reads between entry and interlock came from this vCPU's check, and nobody writes over it meanwhile. */
export function ownLog(view: ContractView): Property[] {
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
