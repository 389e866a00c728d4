import type { AddressRange } from '@checkstop/hypervisor';
import { type PluginContext, u32 } from '@checkstop/kernel';
import './events.ts';

/**
 * Remembers which bytes the log in the buffer takes, for a layout in which something else of firmware's may lie there. Ghost state.
 *
 * @param written where the log is that was just written, real addresses
 * @returns the same while the log is somebody's; an empty range else
 */
export function watchLogExtent(ctx: PluginContext, written: () => AddressRange): () => AddressRange {
  const extent = ctx.state('shared', 'fwnmi.logExtent', { start: u32, end: u32 }, { kind: 'ghost' });
  ctx.bus.on('logWritten', () => void Object.assign(extent.at(), written()));
  for (const over of ['interlockReleased', 'deregistered'] as const) ctx.bus.on(over, () => extent.clear());
  return () => extent.at();
}
