import type { ResponseProperty } from '@checkstop/kernel';
import type { Ledger } from './ledger.ts';

/**
 * Liveness: every check that struck is in the end delivered (the registered routine is entered for it), dropped or
 * aborted, or the machine stopped. Whether that holds hangs on what is assumed of the scheduler and of locks, so its
 * verdict is one for each profile of fairness.
 */
export function progress({ ledger }: { readonly ledger: Ledger }): ResponseProperty {
  return {
    kind: 'response',
    name: 'progress',
    // What the ledger remembers of a vCPU is the vCPU's own, so asking depends on nobody else.
    pending: (agent) => ledger.checks(agent).some(({ stage }) => stage === 'struck'),
  };
}
