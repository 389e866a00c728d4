import type { Property } from '@checkstop/kernel';
import { isUndelivered } from './delivered.ts';
import type { ContractView } from './view.ts';

/** No bottom component without a stop in which some vCPU waits, or has a check undelivered. */
export function noDeadlock(view: ContractView): Property {
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
