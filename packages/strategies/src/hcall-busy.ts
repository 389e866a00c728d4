import { definePlugin, PLUGIN_CONTRACT } from '@checkstop/kernel';
import { version } from '../package.json';
import { hcallOptions, notifyByHcall } from './parts/hcall.ts';

/**
 * The report call returns at once when another vCPU holds the interlock, and the vector makes it again: the series of 2014
 * and 2015, with its clobbers repaired.
 */
export const hcallBusy = definePlugin({
  name: 'hcall-busy',
  version,
  contract: PLUGIN_CONTRACT,
  provides: ['delivery'],
  requires: ['processor', 'hypervisor', 'fwnmi'],
  options: hcallOptions,
  setup: (ctx, options) => notifyByHcall(ctx, 'hcall-busy', { ...options, waiting: 'guest-retry' }),
});
