import type { SystemResetEntry } from '@checkstop/hypervisor';
import type { PluginContext } from '@checkstop/kernel';
import type { Processor, Vcpu } from '@checkstop/ppc-core';
import type { FwnmiOptions } from './options.ts';
import type { RtasSpace } from './rtas-space.ts';

/** What entering the registered routine works on. */
interface ResetSide {
  readonly processor: Processor;
  readonly space: RtasSpace;
  /** Real address of the registered routine; undefined while there is none. */
  routine(): number | undefined;
  readonly r3: FwnmiOptions['resetR3'];
}

/**
 * Where system resets go once ibm,nmi-register gave a routine for them. LoPAR restores every register, r3 too; PowerVM, KVM and
 * QEMU (hw/ppc/spapr.c, spapr_do_system_reset_on_cpu) hand over an area of the vCPU's own with the old r3 and a zero
 * doubleword, big-endian, and Linux reads it there. No log, and no interlock.
 */
export const systemResetEntry = (
  ctx: PluginContext,
  { processor, space, routine, r3 }: ResetSide,
): SystemResetEntry => ({
  prepare(agent) {
    const nip = routine();
    if (nip === undefined) return undefined;
    if (r3 === 'kept') return { nip };
    const area = space.resetArea(agent);
    ctx.ram.writeU64(area, (processor.vcpus[agent] as Vcpu).gpr(3), 'big');
    ctx.ram.writeU64(area + 8, 0n, 'big');
    ctx.bus.emit('resetSaved', { agent, address: area });
    return { nip, r3: BigInt(area) };
  },
});
