import type { PluginContext } from '@checkstop/kernel';

/** No notification: the architected interrupt at 0x200 is all that there is, and nobody writes a log. */
export function deliverArchitected(ctx: PluginContext): void {
  const { checks } = ctx.use('hypervisor');
  ctx.provide('delivery', {
    strike(agent) {
      checks.take(agent);
      return undefined;
    },
  });
}
