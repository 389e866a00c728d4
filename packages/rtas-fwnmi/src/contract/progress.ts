import type { ResponseProperty } from '@checkstop/kernel';
import type { Ledger } from './ledger.ts';

/**
 * Liveness: every check that struck is in the end delivered (the registered routine is entered for it), dropped or
 * aborted, or the machine stopped, and the instruction that it struck goes on: a check that strikes there again and again because
 * nobody repairs what causes it is never over. Whether that holds hangs on what is assumed of the scheduler and of locks, so its
 * verdict is one for each profile of fairness.
 */
export function progress({
  ledger,
  unrepaired,
}: {
  readonly ledger: Ledger;
  readonly unrepaired: (agent: number) => boolean;
}): ResponseProperty {
  return {
    kind: 'response',
    name: 'progress',
    // What the ledger and the hypervisor remember of a vCPU's checks is the vCPU's own, so asking depends on nobody else.
    pending: (agent) => unrepaired(agent) || ledger.checks(agent).some(({ stage }) => stage === 'struck'),
  };
}
