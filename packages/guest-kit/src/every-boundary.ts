import { CheckstopError, type Machine } from '@checkstop/kernel';

/** Steps in which a guest's pass of work has to come to H_CEDE. */
const MAX_STEPS = 10_000;

/**
 * Lets vCPU 0 make its pass of work and calls `at` before each of its instructions and once it is ceded. Whatever `at` does
 * to the machine is undone.
 *
 * @throws CheckstopError GUEST_NEVER_IDLES when the vCPU does not get to H_CEDE
 */
export function atEveryBoundary(machine: Machine, at: (nip: number, msr: bigint) => void): void {
  const [vcpu] = machine.use('processor').vcpus;
  const hypervisor = machine.use('hypervisor');
  const attempt = (): void => {
    const mark = machine.arena.mark();
    at(vcpu.nip, vcpu.reg('msr'));
    machine.arena.undo(mark);
  };
  for (let steps = 0; hypervisor.mode(0) !== 'ceded'; steps++) {
    if (steps === MAX_STEPS || !machine.available(0, 0))
      throw new CheckstopError(
        'GUEST_NEVER_IDLES',
        `After ${steps} steps vCPU 0 has not ceded, it is at ${machine.describeAgent(0)}; let the guest's work end in H_CEDE.`,
        { steps },
      );
    if (hypervisor.mode(0) === 'guest') attempt();
    machine.step(0);
  }
  attempt();
}
