import { definePlugin, PLUGIN_CONTRACT } from '@checkstop/kernel';
import { version } from '../package.json';
import { hcallOptions, notifyByHcall } from './parts/hcall.ts';

/**
 * The report call waits on the interlock's condition, which drops the exit lock for as long: what Sam Bobroff expected of
 * hypervisor code in the seed mail, and how upstream QEMU waits.
 */
export const hcallWait = definePlugin({
  name: 'hcall-wait',
  version,
  contract: PLUGIN_CONTRACT,
  provides: ['delivery'],
  requires: ['processor', 'hypervisor', 'fwnmi'],
  options: hcallOptions,
  setup: (ctx, options) => notifyByHcall(ctx, 'hcall-wait', { ...options, waiting: 'condition' }),
});
