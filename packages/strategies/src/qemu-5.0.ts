import { definePlugin, PLUGIN_CONTRACT } from '@checkstop/kernel';
import { version } from '../package.json';
import { exitOptions, notifyByExit } from './parts/exit.ts';
import { withFirmware } from './parts/with-firmware.ts';

/**
 * QEMU 5.0 (hw/ppc/spapr_events.c, spapr_mce_req_event): a plain exit that waits on a condition tied to the Big QEMU Lock. Its
 * firmware writes the log at RTAS base + 0x30, wakes one waiter, lets anybody call ibm,nmi-interlock, drops a recovered check of
 * the interlock's holder, and enters the routine in 32-bit mode where a 32-bit task was struck (docs/defects.md).
 */
export const qemu50 = withFirmware(
  definePlugin({
    name: 'qemu-5.0',
    version,
    contract: PLUGIN_CONTRACT,
    provides: ['delivery'],
    requires: ['processor', 'hypervisor', 'fwnmi'],
    options: exitOptions,
    setup: (ctx, options) => notifyByExit(ctx, 'qemu-5.0', { ...options, waiting: 'condition' }),
  }),
  {
    ...{ buffer: 0x30, byNonHolder: 'accept', holderCheck: 'drop-recovered', handOff: 'barging', wake: 'signal' },
    ...{ poisonLog: false, entrySf: 'kept', resetR3: 'saved' },
  },
);
