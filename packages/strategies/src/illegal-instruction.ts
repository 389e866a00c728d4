import { definePlugin, PLUGIN_CONTRACT } from '@checkstop/kernel';
import { version } from '../package.json';
import { illegalOptions, notifyByIllegalInstruction } from './parts/illegal.ts';

/**
 * Paul Mackerras's proposal (seed mail): the vector is an illegal instruction that traps to the hypervisor, which needs no
 * scratch register. Busy means that the instruction is executed again.
 */
export const illegalInstruction = definePlugin({
  name: 'illegal-instruction',
  version,
  contract: PLUGIN_CONTRACT,
  provides: ['delivery'],
  requires: ['processor', 'hypervisor', 'fwnmi'],
  options: illegalOptions,
  setup: (ctx, options) =>
    notifyByIllegalInstruction(ctx, 'illegal-instruction', { ...options, waiting: 'guest-retry' }),
});
