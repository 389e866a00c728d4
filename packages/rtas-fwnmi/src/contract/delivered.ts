import type { Property } from '@checkstop/kernel';
import { hex } from './compare.ts';
import { on } from './event-property.ts';
import { recoverableBoundary } from './ledger.ts';
import type { ContractView } from './view.ts';

/** Each check ends as exactly one of delivered, stopped, dropped or aborted, and the routine is never entered without one. */
export function delivered(view: ContractView): Property[] {
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
export function isUndelivered(view: ContractView, agent: number): boolean {
  return view.ledger.checks(agent).some(({ stage }) => stage === 'struck');
}

/** A cell holds only if each vCPU can be struck, delivered to and resumed at every RI=1 boundary of the work code where a check can strike. */
export function deliveredAndResumed(view: ContractView): Property {
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
    goals() {
      const work = Array.from({ length: (end - start) / 4 }, (_, i) => start + 4 * i);
      const struck = work.filter(view.isStruckBefore);
      // Work that no check can strike would hold of nothing.
      const addresses = struck.length > 0 ? struck : work;
      return view.processor.vcpus.flatMap(({ index }) => addresses.map((address) => key(index, BigInt(address))));
    },
  };
}
