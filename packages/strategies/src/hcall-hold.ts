import { definePlugin, PLUGIN_CONTRACT } from '@checkstop/kernel';
import { version } from '../package.json';
import { hcallOptions, notifyByHcall } from './parts/hcall.ts';

/**
 * The report call retries inside the hypervisor and keeps every lock it has, the exit lock among them: what the 2014 series
 * was afraid of when it made the guest retry. The holder's ibm,nmi-interlock can't get in.
 */
export const hcallHold = definePlugin({
  name: 'hcall-hold',
  version,
  contract: PLUGIN_CONTRACT,
  provides: ['delivery'],
  requires: ['processor', 'hypervisor', 'fwnmi'],
  options: hcallOptions,
  setup: (ctx, options) => notifyByHcall(ctx, 'hcall-hold', { ...options, waiting: 'hold' }),
});
