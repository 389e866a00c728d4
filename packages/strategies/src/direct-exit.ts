import { definePlugin, PLUGIN_CONTRACT } from '@checkstop/kernel';
import { version } from '../package.json';
import { exitOptions, notifyByExit } from './parts/exit.ts';

/**
 * The check leaves the guest, and the hypervisor sets the routine up from outside: upstream QEMU since 5.0
 * (spapr_mce_req_event). It waits on the interlock's condition, which drops the exit lock.
 */
export const directExit = definePlugin({
  name: 'direct-exit',
  version,
  contract: PLUGIN_CONTRACT,
  provides: ['delivery'],
  requires: ['processor', 'hypervisor', 'fwnmi'],
  options: exitOptions,
  setup: (ctx, options) => notifyByExit(ctx, 'direct-exit', { ...options, waiting: 'condition' }),
});
