import { instructionAddress } from '@checkstop/hypervisor';
import type { Dispose, PluginContext, State } from '@checkstop/kernel';
import type { Processor } from '@checkstop/ppc-core';
import type { registrationFields } from './registration.ts';

/**
 * Watches fetches of the first instruction of the registered machine-check routine, whichever that is: watches are no
 * state, so after a registration, an undo or a restore this one is moved to where the registration is now.
 *
 * @returns the address of that instruction now, or -1
 */
export function watchRoutine(
  ctx: PluginContext,
  processor: Processor,
  registration: State<typeof registrationFields>,
): () => number {
  const routine = () => {
    const { valid, machineCheck } = registration.at();
    return valid ? instructionAddress(machineCheck) : -1;
  };
  let watched = -1;
  let dispose: Dispose = () => {};
  const follow = () => {
    const start = routine();
    if (start === watched) return;
    dispose();
    dispose = start === -1 ? () => {} : processor.watch({ kind: 'fetch', start, end: start + 4 });
    watched = start;
  };
  ctx.bus.on('registered', follow);
  ctx.onReady(() => {
    const record = registration.base(0);
    ctx.arena.onInvalidate((start, end) => {
      if (start < record + registration.declaration.size && record < end) follow();
    });
  });
  ctx.effect(() => dispose(), 'watch the registered routine');
  return routine;
}
