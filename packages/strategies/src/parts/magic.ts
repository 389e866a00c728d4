import type { Outcome } from '@checkstop/hypervisor';
import type { PluginContext } from '@checkstop/kernel';
import { VECTOR } from '@checkstop/ppc-core';
import * as v from 'valibot';
import type { ReportContext } from './report.ts';

/** Opcode 0, so no code that an operating system puts there. */
const MAGIC = 0x004d4147;

/** Options of the magic value. */
export const magicOptions = {
  magic: v.optional(
    v.pipe(
      v.picklist(['none', 'early', 'atomic']),
      v.description(
        "Sam Bobroff's magic value (seed mail): a word that firmware puts at 0x200 when an operating system registers and looks for at delivery; a kernel that has overwritten it knows nothing of the registration. Looked for in the step that hands over, or early, a step before: in between the guest may go on.",
      ),
    ),
    'none',
  ),
  fallback: v.optional(
    v.pipe(
      v.picklist(['architected', 'repatch', 'reboot']),
      v.description(
        "What becomes of a check when the magic value is gone: the OS's own 0x200, or the value is put back and the check delivered, as if a vector had only been damaged, or the end of the partition.",
      ),
    ),
    'architected',
  ),
};

/** Plants the magic value whenever an operating system registers; returns the question whether it is gone, with the way to leave if so. */
export function plantMagic(
  ctx: PluginContext,
  fallback: 'architected' | 'repatch' | 'reboot',
): (c: ReportContext) => Outcome | undefined {
  const { checks } = ctx.use('hypervisor');
  ctx.stops('reboot');
  const plant = () => ctx.ram.writeU32(VECTOR.machineCheck, MAGIC, 'big');
  ctx.bus.on('registered', plant);
  return (c) => {
    if (ctx.ram.readU32(VECTOR.machineCheck, 'big') === MAGIC) return undefined;
    if (fallback === 'repatch') {
      plant();
      return undefined;
    }
    if (fallback === 'reboot') ctx.machine.stop('reboot', c.agent);
    checks.architected(c.agent);
    return c.resume();
  };
}
