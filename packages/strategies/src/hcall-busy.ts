import { definePlugin, PLUGIN_CONTRACT } from '@checkstop/kernel';
import { hcallOptions, reportByHcall } from './parts/hcall.ts';

/** The answer that means: another vCPU holds the interlock, try again. */
const BUSY = 0;

/**
 * The report call returns at once when another vCPU holds the interlock, and the vector makes it again: the series of 2014
 * and 2015, with its clobbers repaired.
 */
export const hcallBusy = definePlugin({
  name: 'hcall-busy',
  version: '1.0.0',
  contract: PLUGIN_CONTRACT,
  provides: ['delivery'],
  requires: ['processor', 'hypervisor', 'fwnmi'],
  options: hcallOptions,
  setup: (ctx, options) => reportByHcall(ctx, 'hcall-busy', options, (c) => c.done(BUSY)),
});
