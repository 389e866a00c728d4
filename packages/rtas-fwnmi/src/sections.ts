import type { Section } from '@checkstop/hypervisor';
import type { PluginContext, State } from '@checkstop/kernel';
import type { OwnedInterlock } from './interlock.ts';
import type { registrationFields } from './registration.ts';
import type { ReportPlace } from './report-place.ts';

/** What of FWNMI lies with the machine: QEMU's section `spapr_fwnmi` has both, and a reset of the machine forgets both (hw/ppc/spapr.c). */
export const fwnmiSections = (
  ctx: PluginContext,
  registration: State<typeof registrationFields>,
  interlock: OwnedInterlock,
  place: ReportPlace,
): Section[] => [
  {
    name: 'registration',
    inFlight: false,
    empty: () => !registration.at().valid,
    clear(agent) {
      const { valid, machineCheck } = registration.at();
      if (!valid) return;
      registration.clear();
      place.inPage7 = false;
      ctx.bus.emit('registrationLost', { agent, machineCheck });
    },
  },
  { name: 'interlock', inFlight: true, empty: () => interlock.holder === -1, clear: (agent) => interlock.clear(agent) },
];
