import { type PluginContext, u32 } from '@checkstop/kernel';
import './events.ts';

/**
 * Remembers where the log in the buffer ends, for a layout in which something else of firmware's may lie there. Ghost state.
 *
 * @param endOf where the log ends that was just written, a real address
 * @returns that address while the log is somebody's; 0 else
 */
export function watchLogExtent(ctx: PluginContext, endOf: () => number): () => number {
  const extent = ctx.state('shared', 'fwnmi.logExtent', { end: u32 }, { kind: 'ghost' });
  ctx.bus.on('logWritten', () => {
    extent.at().end = endOf();
  });
  for (const over of ['interlockReleased', 'deregistered'] as const) ctx.bus.on(over, () => extent.clear());
  return () => extent.at().end;
}
