import type { AddressRange } from '@checkstop/hypervisor';
import type { Dispose, Fields, PluginContext, State } from '@checkstop/kernel';
import type { Processor } from '@checkstop/ppc-core';

/** What is to be watched. */
export interface FetchWatch {
  readonly processor: Processor;
  /** The stretches of code whose fetches matter now. */
  wanted(): readonly AddressRange[];
  /** The records that `wanted` reads. */
  readonly states: readonly Pick<State<Fields>, 'overlaps'>[];
}

/**
 * Watches fetches of code that state names, from the moment it is named: after an undo or a restore here, and whenever the
 * caller says so by calling what this returns. What was watched once stays so, for a watch is no state: whether a fetch
 * means anything is for the listener to find out from what the state is then.
 */
export function watchFetches(ctx: PluginContext, { processor, wanted, states }: FetchWatch): () => void {
  const watched = new Map<string, Dispose>();
  const follow = () => {
    for (const { start, end } of wanted()) {
      const key = `${start} ${end}`;
      if (!watched.has(key)) watched.set(key, processor.watch({ kind: 'fetch', start, end }));
    }
  };
  ctx.onReady(() => {
    ctx.arena.onInvalidate((start, end) => {
      if (states.some((state) => state.overlaps(start, end))) follow();
    });
  });
  ctx.effect(() => {
    for (const dispose of watched.values()) dispose();
  }, 'watch the routines');
  return follow;
}
