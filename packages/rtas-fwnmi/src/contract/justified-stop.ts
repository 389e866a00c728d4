import type { Property } from '@checkstop/kernel';
import { MSR } from '@checkstop/ppc-core';
import { hex } from './compare.ts';
import { isUndelivered } from './delivered.ts';
import { on } from './event-property.ts';
import { inRoutine, recoverableBoundary } from './ledger.ts';
import type { ContractView } from './view.ts';

/** A panic needs SRR1[RI]=0 or an unrecoverable log; a checkstop needs ME=0 or the interlock in this vCPU's hands; a reboot needs a profile that asks for it; a spin is a hang; any other stop is a violation. */
export function justifiedStop(view: ContractView): Property[] {
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
  if (check?.stage === 'struck' && view.ledger.isOwn(check)) return undefined;
  const seen = check !== undefined && inRoutine(check);
  if (seen && (!check.recoverable || check.unrecoverable)) return undefined;
  if (seen) return 'the guest panicked in the routine, though SRR1[RI] was 1 and the log recoverable';
  if (check?.stage === 'struck')
    return 'the guest panicked on a check that its registered routine never saw, though it had registered';
  const sprg = view.sharedSprg();
  return view.ledger.lostShared(view.processor.vcpus[agent], sprg)
    ? `the guest panicked outside the registered routine: it keeps state in ${sprg.toUpperCase()}, which is shared scratch under this profile, so the guest is at fault`
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
