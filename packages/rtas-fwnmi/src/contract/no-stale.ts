import type { Property } from '@checkstop/kernel';
import { hex } from './compare.ts';
import { on } from './event-property.ts';

/** Nothing of a registration that is gone is used any more: neither its code nor what its kernel gave to the hypervisor. */
export function noStale(): Property[] {
  const entry = on(
    'noStale',
    'staleEntry',
    ({ agent, address }) =>
      `a check of vcpu${agent} was taken to ${hex(BigInt(address))}, whose registration was gone when it was handed over`,
  );
  const vector = on(
    'noStale',
    'staleVector',
    ({ agent, address }) =>
      `vcpu${agent} fetched the vector at ${hex(BigInt(address))}, which was patched for a registration that is gone`,
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
  return [entry, vector, foreign, reset, survivors, write];
}
