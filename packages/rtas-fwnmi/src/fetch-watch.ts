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
 * Watches fetches of code that state names. Watches are no state themselves, so they are moved to where that state is now:
 * after an undo or a restore here, and whenever the caller says so by calling what this returns.
 */
export function watchFetches(ctx: PluginContext, { processor, wanted, states }: FetchWatch): () => void {
  let watched = new Map<string, Dispose>();
  const follow = () => {
    const before = watched;
    watched = new Map();
    for (const { start, end } of wanted()) {
      const key = `${start} ${end}`;
      if (watched.has(key)) continue;
      watched.set(key, before.get(key) ?? processor.watch({ kind: 'fetch', start, end }));
      before.delete(key);
    }
    for (const dispose of before.values()) dispose();
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
